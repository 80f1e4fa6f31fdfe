-- The input of --xargs as arguments of commands: words with quotes, lines (-L,
-- -I) or items (-0, -d), gathered as -n, -L and -s say. A source of jobs (see
-- prun.run.source).

local loop = require "prun.core.loop"
local record = require "prun.core.record"
local sys = require "prun.core.sys"

local Input = {}
Input.__index = Input

local UNMATCHED <const> = "unmatched %s quote; by default quotes are special " ..
  "to xargs unless you use the -0 option"

--- Opens the input.
-- @param opts see prun.cli.xargs_options
-- @param initial integer, bytes of the command itself, with NULs
-- @return a source; or nil and a message
local function open(opts, initial)
  local fd, own = 0, false
  if opts.file and opts.file ~= "-" then
    local err
    fd, err = sys.open(opts.file, "r")
    if not fd then
      return nil, string.format("Cannot open input file '%s': %s", opts.file,
        err:match(": ([^:]*)$") or err)
    end
    own = true
  end
  return setmetatable({ opts = opts, initial = initial, max_args = 1,
    limit = opts.max_chars, reader = record.open(fd, opts.delimiter or "\n",
      0, own), items = {}, at = 1, lines = 0 }, Input)
end

-- One line, cut into words; the last word may go on in the next line.
function Input:cut(line)
  local word, pos = self.word, 1
  local whole = self.opts.replace ~= nil
  self.word = nil
  if whole and not word then
    pos = line:find("[^ \t]") or #line + 1
  end
  while pos <= #line do
    local c = line:sub(pos, pos)
    if c == "'" or c == '"' then
      local close = line:find(c, pos + 1, true)
      if not close then
        return nil, string.format(UNMATCHED, c == "'" and "single" or "double")
      end
      word = (word or "") .. line:sub(pos + 1, close - 1)
      pos = close + 1
    elseif c == "\\" then
      if pos == #line then
        self.word = (word or "") .. "\n"
        return true
      end
      word = (word or "") .. line:sub(pos + 1, pos + 1)
      pos = pos + 2
    elseif not whole and c:find("[ \t]") then
      if word then
        self:put(word)
        word = nil
      end
      pos = pos + 1
    else
      local stop = line:find(whole and "['\"\\]" or "['\"\\ \t]", pos) or
        #line + 1
      word = (word or "") .. line:sub(pos, stop - 1)
      pos = stop
    end
  end
  if word then
    self:put(word)
  end
  return true
end

function Input:put(word)
  if self.ended then
    return
  elseif word == self.opts.eof and not self.opts.delimiter then
    self.ended = true
  else
    self.items[#self.items + 1] = word
    self.on_line = true
  end
end

-- Reads one more line or item. True; or false and why.
function Input:read()
  if self.ended then
    return false, "end"
  end
  local text, why, a = self.reader:next()
  if not text then
    if why == "end" then
      self.ended = true
      if self.word then
        self:put(self.word:gsub("\n$", ""))
      end
      return #self.items >= self.at, "end"
    elseif why == "nul" then
      return false, "error", "a NUL character occurred in the input.  It " ..
        "cannot be passed through in the argument list.  Did you mean to " ..
        "use the --null option?"
    elseif why == "error" then
      return false, "error", a
    end
    return false, why
  end
  if self.opts.delimiter then
    self.items[#self.items + 1] = text
    self.line_ends = true
    return true
  end
  local ok, message = self:cut(text)
  if not ok then
    return false, "error", message
  end
  -- A line without words is none; one with a blank at its end goes on.
  self.line_ends = self.on_line and not self.word and not text:find("[ \t]$")
  if self.line_ends then
    self.on_line = false
  end
  return true
end

-- The arguments gathered so far are a job's.
function Input:give()
  local batch = self.batch
  self.batch, self.lines = nil, 0
  self.begun = true
  batch.bytes = nil
  return batch
end

-- Adds an item to the batch: true; false: it is full; nil and a message.
function Input:add(item)
  local batch, opts = self.batch, self.opts
  if not batch then
    batch = { n = 0, bytes = self.initial }
    self.batch = batch
  end
  local bytes = batch.bytes + #item + 1
  if bytes > self.limit then
    if batch.n == 0 then
      return nil, "argument line too long"
    elseif (opts.exit and opts.max_args) or opts.max_lines then
      return nil, "argument list too long"
    end
    return false
  end
  batch.n = batch.n + 1
  batch[batch.n], batch.bytes = item, bytes
  return true
end

--- The arguments of the next command.
function Input:next()
  local opts = self.opts
  while true do
    while self.items[self.at] do
      local item = self.items[self.at]
      if opts.replace then
        self.at = self.at + 1
        self.begun = true
        return { item, n = 1 }
      end
      local ok, message = self:add(item)
      if ok == nil then
        return nil, "error", message
      elseif not ok then
        return self:give()
      end
      self.at = self.at + 1
      if self.batch.n == opts.max_args then
        return self:give()
      end
    end
    self.items, self.at = {}, 1
    if opts.max_lines and self.line_ends then
      self.line_ends = false
      self.lines = self.lines + 1
      if self.lines >= opts.max_lines and self.batch then
        return self:give()
      end
    end
    local more, why, message = self:read()
    if not more then
      if why == "end" and self.batch then
        return self:give()
      elseif why == "end" and not self.begun and not opts.no_run and
        not opts.replace then
        self.begun = true
        return { n = 0 }
      elseif why == "error" and self.batch and self.batch.n > 0 then
        -- What was read before the error still runs, but for a bad quote.
        self.ended, self.failed = true, message
      end
      return nil, why, message
    end
  end
end

function Input:watch(fn)
  self.woken = fn
  self.readable = self.readable or loop.watch(function()
    self.woken()
  end)
  self.readable:start(self.reader:fd(), "r")
end

function Input.read_ahead()
  return 0, false
end

function Input:close()
  if self.readable then
    self.readable:stop()
  end
  self.reader:close()
end

return { open = open }
