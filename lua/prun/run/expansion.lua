-- Quotes and expansions: the part of the shell's grammar below the word, for prun.run.words.
--
-- A Scan walks a command, copies it to `out` piece by piece, and puts a token {spec, ctx} there for each
-- replacement string. Where the shell would read fixed text and value together ($x{} or \{}), the fixed text is
-- rewritten so that both stay apart; `...` around a replacement string becomes $(...).
-- What is not understood sets `unsure`.

local M = {}

local find, sub, match = string.find, string.sub, string.match

local DEPTH = 100
local Scan = {}
Scan.__index = Scan

--- @param matcher function(text, pos) -> length, spec of the replacement string at pos, or nil
-- @param ansi boolean: the shell knows $'...'
local function new_scan(text, matcher, ansi, depth)
  return setmetatable({ text = text, pos = 1, stop = #text, matcher = matcher, ansi = ansi, out = {}, documents = {},
    not_arithmetic = {}, unsure = false, depth = depth }, Scan)
end

function Scan:char(offset)
  local at = self.pos + (offset or 0)
  if at > self.stop then
    return ""
  end
  return sub(self.text, at, at)
end

function Scan:emit(text)
  self.out[#self.out + 1] = text
end

--- Copies the next n bytes.
function Scan:take(n)
  local last = math.min(self.pos + n - 1, self.stop)
  self:emit(sub(self.text, self.pos, last))
  self.pos = last + 1
end

--- Copies up to the first byte in the set; returns whether anything was copied.
function Scan:take_until(set, at)
  local stop = find(self.text, set, at or self.pos) or self.stop + 1
  stop = math.min(stop, self.stop + 1)
  if stop > self.pos then
    self:take(stop - self.pos)
    return true
  end
  return false
end

function Scan:at_token(pos)
  pos = pos or self.pos
  return pos <= self.stop and self.matcher(self.text, pos)
end

--- Takes a replacement string, when here is one; make_context() or a kind says what stands around it.
function Scan:token(context)
  local length, spec = self.matcher(self.text, self.pos)
  if not length or self.pos > self.stop then
    return nil
  end
  local ctx = type(context) == "string" and { kind = context } or context
  local token = { spec = spec, ctx = ctx }
  self.out[#self.out + 1] = token
  self.pos = self.pos + length
  if self.word then
    self.word.tokens[#self.word.tokens + 1] = token
  end
  return token
end

--- Runs a method one level deeper; too deep is not understood.
function Scan:deeper(method, ...)
  if self.depth >= DEPTH then
    self.unsure = true
    self:take(self.stop - self.pos + 1)
    return false
  end
  self.depth = self.depth + 1
  local ok = self[method](self, ...)
  self.depth = self.depth - 1
  return ok
end

function Scan:unterminated()
  self.unsure = true
  return false
end

--- A backslash before a replacement string. `keep`: it stands for itself in such a place.
function Scan:backslash(keep)
  if self:at_token(self.pos + 1) then
    self:emit(keep and "\\\\" or "")
    self.pos = self.pos + 1
  elseif self.pos == self.stop then
    self.unsure = true
    self:take(1)
  else
    self:take(2)
  end
end

function Scan:single_quotes()
  self:take(1)
  while self.pos <= self.stop do
    if self:char() == "'" then
      self:take(1)
      return true
    elseif not self:token("single") then
      self:take(1)
    end
  end
  return self:unterminated()
end

--- $'...'. Where a shell does not know it, \' ends the string: then only the caller's word helps.
function Scan:ansi_quotes()
  self:take(2)
  local mine, begin = {}, #self.out
  while self.pos <= self.stop do
    local c = self:char()
    local token = self:token({ kind = "ansi" })
    if token then
      mine[#mine + 1] = token
    elseif c == "'" then
      self:take(1)
      for _, t in ipairs(mine) do
        t.ctx.reopen = self:has_backslash(begin) and "$'" or "'"
      end
      return true
    elseif c == "\\" then
      self.unsure = self.unsure or (not self.ansi and self:char(1) == "'")
      self:backslash(true)
    else
      self:take(1)
    end
  end
  return self:unterminated()
end

function Scan:has_backslash(begin)
  for i = begin + 1, #self.out do
    if type(self.out[i]) == "string" and find(self.out[i], "\\", 1, true) then
      return true
    end
  end
  return false
end

--- "...", with `kind` as the context within.
function Scan:double_quotes(kind)
  self:take(1)
  while self.pos <= self.stop do
    local c = self:char()
    if c == '"' and not self:at_token() then
      self:take(1)
      return true
    elseif not self:token(kind or "double") then
      self:in_quotes(c, "double")
    end
  end
  return self:unterminated()
end

--- One piece of text where only \ $ ` are special.
function Scan:in_quotes(c, mode)
  if c == "\\" then
    self:backslash(true)
  elseif c == "$" then
    self:dollar(mode)
  elseif c == "`" then
    self:deeper("backticks", mode)
  else
    self:take(1)
  end
end

--- `...` as $(...), when a replacement string stands within; else as it is.
function Scan:backticks(mode)
  local first, at = self.pos + 1, self.pos + 1
  while at <= self.stop and sub(self.text, at, at) ~= "`" do
    at = at + (sub(self.text, at, at) == "\\" and 2 or 1)
  end
  if at > self.stop then
    self:take(self.stop - self.pos + 1)
    return self:unterminated()
  end
  local escaped = mode == "double" and '\\([\\$`"])' or "\\([\\$`])"
  local inner = new_scan(sub(self.text, first, at - 1):gsub(escaped, "%1"), self.matcher, self.ansi, self.depth)
  local tokens = inner:run()
  self.pos = at + 1
  self.unsure = self.unsure or (inner.unsure and tokens)
  if not tokens then
    self:emit(sub(self.text, first - 1, at))
    return true
  end
  self:emit("$( ")
  table.move(inner.out, 1, #inner.out, #self.out + 1, self.out)
  self:emit("\n)")
  return true
end

--- Everything that begins with $. mode: word, double, heredoc or number.
function Scan:dollar(mode)
  local text, pos = self.text, self.pos
  local c = self:char(1)
  if self:at_token(pos + 1) then
    self:emit("\\$")
    self.pos = pos + 1
  elseif c == "(" then
    self:deeper("substitution")
  elseif c == "{" then
    self:take(2)
    self:deeper("parameter", mode)
  elseif c == "[" then
    self:take(2)
    self:arithmetic("[", "]")
  elseif c == "'" and mode == "word" then
    self:ansi_quotes()
  elseif c == '"' and mode == "word" then
    self:take(1)
    self:double_quotes()
  else
    local name = match(text, "^[A-Za-z_][A-Za-z0-9_]*", pos + 1) or match(text, "^[0-9]", pos + 1)
      or match(text, "^[@*#?$!-]", pos + 1)
    if name and self:at_token(pos + 1 + #name) then
      self:emit("${" .. name .. "}")
      self.pos = pos + 1 + #name
    else
      -- A lone $ that zsh would read with what follows: $={}, $~{}
      local flags = match(text, "^[=~^+]+", pos + 1)
      local lone = not name and flags and self:at_token(pos + 1 + #flags)
      self:emit(lone and "\\" or "")
      self:take(1 + (name and #name or 0))
    end
  end
end

--- $( ... ) or $(( ... )).
function Scan:substitution()
  if self:char(2) == "(" and self:try_arithmetic(3) then
    return true
  end
  self:take(2)
  self:emit(self:char() == "(" and " " or "")
  local word, waiting = self.word, #self.documents
  local ok = self:commands(")")
  self.word = word
  if #self.documents > waiting then
    self.unsure = true
  end
  return ok
end

local function truncate(list, length)
  for i = #list, length + 1, -1 do
    list[i] = nil
  end
end

--- (( ... )) when it ends so; else nothing is taken. skip: the length of what opens it.
function Scan:try_arithmetic(skip)
  local pos, count, unsure = self.pos, #self.out, self.unsure
  local marked, waiting = self.word and #self.word.tokens, #self.documents
  if self.not_arithmetic[pos] then
    return false
  end
  self:take(skip)
  if self:arithmetic("(", ")", true) then
    return true
  end
  self.not_arithmetic[pos] = true
  self.pos, self.unsure = pos, unsure
  truncate(self.out, count)
  truncate(self.documents, waiting)
  if self.word then
    truncate(self.word.tokens, marked)
  end
  return false
end

--- Arithmetic up to the closing bracket (twice, for `double`). Quotes there: not understood.
function Scan:arithmetic(open, close, double)
  local level = 0
  while self.pos <= self.stop do
    local c = self:char()
    local token = self:token("number")
    if not token and c == close and level == 0 then
      local closed = not double or self:char(1) == close
      self:take(double and 2 or 1)
      return closed
    elseif not token then
      level = level + (c == open and 1 or c == close and -1 or 0)
      self.unsure = self.unsure or c == "'" or c == '"' or c == "\\"
      self:in_quotes(c, "number")
    end
  end
  return not double and self:unterminated()
end

--- ${...}, after the opening bracket.
function Scan:parameter(mode)
  if find(self.text, "^[!#][^}]", self.pos) or (find(self.text, "^[!#]", self.pos) and self:at_token(self.pos + 1)) then
    self:take(1)
  end
  local name = match(self.text, "^[A-Za-z0-9_]+", self.pos) or match(self.text, "^[@*#?$!-]", self.pos)
  if name then
    self:take(#name)
  end
  while self:token("name") do
    self:take_until("[^A-Za-z0-9_]")
    name = "{}"
  end
  if self:char() == "[" then
    self:take(1)
    self:arithmetic("[", "]")
  end
  local operator = match(self.text, "^:?[-=?+]", self.pos)
  if operator and name then
    self:take(#operator)
    return self:brace_word(mode, false)
  end
  operator = match(self.text, "^[#%%/^,]+", self.pos)
  if operator and name then
    self:take(#operator)
    return self:brace_word(mode, true)
  elseif name and self:char() == ":" then
    return self:arithmetic("{", "}")
  elseif self:char() == "}" then
    self:take(1)
    return true
  end
  -- Flags of zsh, ${x@Q}, ${|...} and the like.
  return self:brace_word("safe", false)
end

local BRACE_KINDS = {
  word = { { kind = "word", force = true, one = true }, { kind = "word", force = true, one = true } },
  double = { { kind = "default" }, { kind = "pattern" } },
  heredoc = { { kind = "here_default" }, { kind = "safe" } },
  number = { { kind = "number" }, { kind = "safe" } },
  safe = { { kind = "safe" }, { kind = "safe" } },
}

--- The word in ${x:-WORD} up to its }.
function Scan:brace_word(mode, pattern)
  local ctx = BRACE_KINDS[mode][pattern and 2 or 1]
  while self.pos <= self.stop do
    local c = self:char()
    local token = self:token(ctx)
    if not token and c == "}" then
      self:take(1)
      return true
    elseif token then
      token.ctx = ctx
    elseif c == "'" and mode == "word" then
      self:single_quotes()
    elseif c == '"' and mode ~= "heredoc" then
      self:double_quotes(mode ~= "word" and "safe" or nil)
    elseif c == "\\" then
      self:backslash(mode ~= "word")
    else
      self.unsure = self.unsure or c == "'" or c == '"'
      self:in_quotes(c, BRACE_KINDS[mode] and mode ~= "safe" and mode or "double")
    end
  end
  return self:unterminated()
end

M.Scan, M.new_scan = Scan, new_scan

return M
