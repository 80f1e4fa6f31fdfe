-- Here-documents, for prun.run.words: finds their delimiters and bodies, and the contexts of replacement strings there.
-- Adds its methods to the Scan of prun.run.expansion.

local expansion = require "prun.run.expansion"

local find, sub, match = string.find, string.sub, string.match
local Scan = expansion.Scan

--- The word after <<.
function Scan:delimiter(tabs)
  self:take(#match(self.text, "^[ \t]*", self.pos))
  local delim, quoted = {}, false
  while self.pos <= self.stop and not find(self:char(), "[ \t\n;&|<>()]") do
    local c = self:char()
    if self:at_token() then
      self.fault = "a replacement string cannot be the delimiter of a here-document"
      return self:token("safe")
    elseif c == "'" or c == '"' then
      local close = find(self.text, c, self.pos + 1, true) or self.stop
      delim[#delim + 1] = sub(self.text, self.pos + 1, close - 1)
      self.unsure = self.unsure or find(delim[#delim], "[\n\\$`]") ~= nil
      self:take(close - self.pos + 1)
      quoted = true
    else
      self.unsure = self.unsure or c == "$" or c == "`"
      local escaped = c == "\\"
      delim[#delim + 1] = self:char(escaped and 1 or 0)
      self:take(escaped and 2 or 1)
      quoted = quoted or escaped
    end
  end
  local text = table.concat(delim)
  self.unsure = self.unsure or text == "" or find(text, "[\n{}]") ~= nil
  self.documents[#self.documents + 1] = { delim = text, quoted = quoted, tabs = tabs }
end

--- The bodies of the here-documents that the line just read began.
function Scan:read_documents()
  local documents, word, stop = self.documents, self.word, self.stop
  self.documents, self.word = {}, nil
  for _, document in ipairs(documents) do
    local at = self.pos
    local after
    while at <= stop do
      after = math.min(find(self.text, "\n", at, true) or stop, stop)
      local line = sub(self.text, at, after):gsub("\n$", "")
      if (document.tabs and line:gsub("^\t+", "") or line) == document.delim then
        break
      end
      at = after + 1
    end
    self.stop = at - 1
    self:document(document)
    self.stop = stop
    if at <= stop then
      self:take(after - at + 1)
    end
  end
  self.word = word
end

function Scan:document(document)
  local text = sub(self.text, self.pos, self.stop)
  if document.quoted then
    return self:raw_document(document)
  elseif find(text, "\\\n", 1, true) and find(sub(self.text, self.stop), "^\n") and text:sub(-2) == "\\\n" then
    self.unsure = true
  end
  while self.pos <= self.stop do
    self:guard_line(document)
    if not self:token({ kind = "heredoc", delim = document.delim, tabs = document.tabs }) then
      self:in_quotes(self:char(), "heredoc")
    end
  end
end

--- A line that begins like the delimiter and goes on with a value: see quote.lua for the guard.
function Scan:guard_line(document)
  local before = self.pos == 1 or sub(self.text, self.pos - 1, self.pos - 1) == "\n"
  if not before then
    return
  end
  self:take(document.tabs and #match(self.text, "^\t*", self.pos) or 0)
  local length = #document.delim
  for i = 1, length do
    if sub(self.text, self.pos, self.pos + i - 1) == sub(document.delim, 1, i) and self:at_token(self.pos + i) then
      return self:emit("${0+}")
    end
  end
end

function Scan:raw_document(document)
  while self.pos <= self.stop do
    local stop = math.min(find(self.text, "\n", self.pos, true) or self.stop + 1, self.stop + 1)
    local ctxs, fixed = {}, { "" }
    while self.pos < stop do
      local ctx = { kind = "raw", delim = document.delim, tabs = document.tabs }
      if self:token(ctx) then
        ctxs[#ctxs + 1], fixed[#fixed + 1] = ctx, ""
      else
        fixed[#fixed] = fixed[#fixed] .. self:char()
        self:take(1)
      end
    end
    local free = false
    for _, text in ipairs(fixed) do
      free = free or not find(document.delim, text:gsub("^\t+", ""), 1, true)
    end
    for i, ctx in ipairs(ctxs) do
      ctx.before, ctx.after, ctx.alone, ctx.free = fixed[i], fixed[i + 1], #ctxs == 1, free
    end
    self:take(1)
  end
end

return Scan
