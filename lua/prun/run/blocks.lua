-- --pipe: the source of jobs that read a block of the input each.

local blocks = require "prun.core.block"
local loop = require "prun.core.loop"
local sys = require "prun.core.sys"

local Blocks = {}
Blocks.__index = Blocks

-- Bytes of blocks that wait at most, when the number of jobs is to be known.
local MOST <const> = 1000000

--- Opens the input.
-- @param file path, or "-"
-- @param opts table: `size` (bytes a block has, about), `records` (integer: a
--   block has so many; 0: as many as fit), `unit` (integer: a multiple of so
--   many fits), `recend`, `recstart` (strings), `after`
--   (boolean: rather more than size bytes), `header` (integer: so many records at the beginning go before each block)
-- @return a source (see prun.run.source) whose values have `block`; or nil and a
--   message
local function open(file, opts)
  local fd, own = 0, false
  if file ~= "-" then
    local err
    fd, err = sys.open(file, "r")
    if not fd then
      return nil, err
    elseif sys.kind(file) == "directory" then
      return nil, file .. ": is a directory"
    end
    own = true
  elseif sys.was_closed(0) then
    return nil, "standard input is closed; for no input use </dev/null"
  end
  local header = opts.header or 0
  local self = setmetatable({ ready = {}, first = 1, max_args = 1, file = file,
    head = header == 0 and "" or nil, header = header,
    records = opts.records, unit = opts.unit,
    reader = blocks.open(fd, opts.size, opts.recend, opts.recstart, own,
      opts.after) },
    Blocks)
  return self
end

--- The next block, as the values of a job.
function Blocks:next()
  while true do
    local text, why, message
    if self.head then
      text, why, message = self.reader:next(self.records, self.unit)
    else
      text, why, message = self.reader:next(self.header)
    end
    if not text and why == "error" then
      return nil, why, (self.file == "-" and "standard input" or self.file) ..
        ": " .. message
    elseif not text then
      return nil, why
    elseif not self.head then
      self.head = text
    else
      return { n = 0, block = self.head ~= "" and self.head .. text or text }
    end
  end
end

function Blocks:watch(fn)
  self.woken = fn
  self.readable = self.readable or loop.watch(function()
    self.woken()
  end)
  self.readable:start(self.reader:fd(), "r")
end

--- The number of jobs is known at the end only.
function Blocks.read_ahead()
  return MOST, false
end

function Blocks:close()
  if self.readable then
    self.readable:stop()
  end
  self.reader:close()
end

return { open = open }
