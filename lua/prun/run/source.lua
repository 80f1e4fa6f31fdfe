-- Where the values of jobs come from: lists and readers, one job's at a time.

local sys = require "prun.core.sys"
local record = require "prun.core.record"
local loop = require "prun.core.loop"

local Source = {}
Source.__index = Source

-- The kernel refuses a longer single argument (32 pages, the ending NUL
-- included), so a longer value is never kept in memory.
local MAX_VALUE <const> = 131071

-- The values of one job take no more bytes than this, so that a shell's text,
-- one argument with some quotes, can hold them.
local MAX_GROUP <const> = 110000

local function quantity(n)
  return string.format("%d bytes", n)
end

-- What is wrong with a record that could not be given, as an error for all
-- ("error") or for its own job ("bad").
local function trouble(input, why, a, b)
  if why == "nul" then
    return "error", string.format("%s, record %d: holds a NUL byte; " ..
      "for NUL-separated input use -0", input.name, a)
  elseif why == "long" then
    return "bad", string.format("%s, record %d: %s are too long for an " ..
      "argument (the system takes %d): %s...", input.name,
      input.reader:count(), quantity(a), MAX_VALUE, b:sub(1, 40))
  elseif why == "error" then
    return "error", string.format("%s: %s", input.name, a)
  end
  return why
end

-- Inputs: `next` returns a value, or nil and "end", "wait", "bad" or "error"
-- with a message.

local ListInput = {}
ListInput.__index = ListInput

function ListInput:next()
  local i = self.at + 1
  local value = self.values[i]
  if value == nil then
    return nil, "end"
  end
  self.at = i
  return value
end

local FunctionInput = {}
FunctionInput.__index = FunctionInput

function FunctionInput:next()
  local value = self.each()
  if value == nil then
    return nil, "end"
  end
  return value
end

local ReaderInput = {}
ReaderInput.__index = ReaderInput

function ReaderInput:next()
  local value, why, a, b = self.reader:next()
  if value then
    return value
  end
  return nil, trouble(self, why, a, b)
end

local function open_input(spec, separator)
  if spec.values then
    return setmetatable({ values = spec.values, at = 0 }, ListInput)
  elseif spec.each then
    return setmetatable({ each = spec.each }, FunctionInput)
  end
  local fd, own, name = 0, false, "standard input"
  if spec.file and spec.file ~= "-" then
    name = spec.file
    local err
    fd, err = sys.open(spec.file, "r")
    if not fd then
      return nil, err
    end
    if sys.kind(spec.file) == "directory" then
      return nil, spec.file .. ": is a directory, not a list of values"
    end
    own = true
  elseif sys.was_closed(0) then
    return nil, "standard input is closed; for no values use </dev/null"
  end
  return setmetatable({ name = name,
    reader = record.open(fd, separator, MAX_VALUE, own) }, ReaderInput)
end

--- Opens the inputs of a run.
-- @param specs list of `{values = list}`, `{each = function() -> value}` or
--   `{file = path or "-"}`; several make the product of their values, the last
--   one varying fastest
-- @param opts table: `separator` (string, default newline), `max_args` (how
--   many values, or sets of values, a job has; default 1), `skip_empty`
--   (boolean)
-- @return a source; or nil and a message when an input cannot be read
local function open(specs, opts)
  local self = setmetatable({ inputs = {}, ready = {}, first = 1,
    skip_empty = opts.skip_empty, max_args = opts.max_args or 1 }, Source)
  for i, spec in ipairs(specs) do
    local input, err = open_input(spec, opts.separator or "\n")
    if not input then
      return nil, err
    end
    self.inputs[i] = input
  end
  self.one = #self.inputs > 1 and self.product or self.single
  self.produce = self.max_args > 1 and self.group or self.one
  return self
end

-- The next value of one input, empty ones left out when so asked.
function Source:value(input)
  local value, why, message
  repeat
    value, why, message = input:next()
  until value ~= "" or not self.skip_empty
  return value, why, message
end

function Source:single()
  local value, why, message = self:value(self.inputs[1])
  if type(value) == "table" then
    return value
  elseif value then
    return { value, n = 1 }
  end
  return nil, why, message
end

-- A group goes to its job; one with a value that cannot be used fails.
local function whole_group(args)
  if args.bad then
    return nil, "bad", args.bad
  end
  return args
end

local function bytes_of(list)
  local bytes = 0
  for i = 1, list.n do
    bytes = bytes + #list[i] + 1
  end
  return bytes
end

-- So many lists of values a job, or fewer where a command would get too long;
-- those taken so far are kept over a wait.
function Source:group()
  local args = self.partial or { n = 0, lists = 0, bytes = 0 }
  self.partial = nil
  while args.lists < self.max_args do
    local more, why, message = self.carry, nil, nil
    self.carry = nil
    if not more then
      more, why, message = self:one()
    end
    if not more and why == "bad" then
      -- Its place in the group stays its own.
      args.bad = args.bad or message
      more = { n = 0 }
    elseif not more then
      if why == "end" and args.lists > 0 then
        return whole_group(args)
      end
      self.partial = args
      return nil, why, message
    end
    args.bytes = args.bytes + bytes_of(more)
    if args.bytes > MAX_GROUP and args.lists > 0 then
      self.carry = more
      return whole_group(args)
    end
    table.move(more, 1, more.n, args.n + 1, args)
    args.n = args.n + more.n
    args.lists = args.lists + 1
  end
  return whole_group(args)
end

-- Reads all of the inputs but the first, which may be endless.
function Source:collect()
  self.columns = self.columns or {}
  for i = 2, #self.inputs do
    local column = self.columns[i] or {}
    self.columns[i] = column
    while not column.complete do
      local value, why, message = self:value(self.inputs[i])
      if value then
        column[#column + 1] = value
      elseif why == "end" then
        column.complete = true
        column[1] = column[1] or ""
      else
        return nil, why == "bad" and "error" or why, message
      end
    end
  end
  self.collected = true
  return true
end

-- Counts the columns' places up like digits; false when all came round.
function Source:count_up()
  local places = self.places
  for i = #self.inputs, 2, -1 do
    places[i] = places[i] + 1
    if places[i] <= #self.columns[i] then
      return true
    end
    places[i] = 1
  end
  return false
end

-- The next value of the first input; an input without any counts as one empty
-- value, as GNU parallel has it.
function Source:first_value()
  local value, why, message = self:value(self.inputs[1])
  if why == "end" and not self.begun then
    value = ""
  end
  self.begun = self.begun or why ~= "wait"
  return value, why, message
end

function Source:product()
  if not self.collected then
    local ok, why, message = self:collect()
    if not ok then
      return nil, why, message
    end
  end
  if not self.places or not self:count_up() then
    local value, why, message = self:first_value()
    if not value and why ~= "bad" then
      return nil, why, message
    end
    self.head, self.bad, self.places = value, message, {}
    for i = 2, #self.inputs do
      self.places[i] = 1
    end
  end
  if not self.head then
    return nil, "bad", self.bad
  end
  local args = { self.head, n = #self.inputs }
  for i = 2, args.n do
    args[i] = self.columns[i][self.places[i]]
  end
  return args
end

--- The values of the next job.
-- @return a list with field `n`; or nil and "end", "wait" (see `watch`), "bad"
--   and a message (a value that cannot be used; go on), "error" and a message
function Source:next()
  if self.first <= #self.ready then
    local item = self.ready[self.first]
    self.ready[self.first] = false
    self.first = self.first + 1
    if self.first > #self.ready then
      self.ready, self.first = {}, 1
    end
    return item[1], item[2], item[3]
  end
  return self:produce()
end

-- More than this is not read ahead for the sake of a total.
local MAX_AHEAD <const> = 1000000

--- Reads ahead what can be read now, so that the total becomes known.
-- @return how many jobs are ahead, and whether these are all
function Source:read_ahead()
  while not self.all_read and #self.ready < MAX_AHEAD do
    local args, why, message = self:produce()
    if why == "wait" then
      break
    elseif why == "end" or why == "error" then
      self.all_read = true
    end
    if why ~= "end" then
      self.ready[#self.ready + 1] = { args, why, message }
    end
  end
  return #self.ready - self.first + 1, self.all_read or false
end

--- Calls fn once when an input can be read again, after `next` said "wait".
-- @param fn function()
function Source:watch(fn)
  self.watches = self.watches or {}
  for i, input in ipairs(self.inputs) do
    if input.reader then
      self.watches[i] = self.watches[i] or loop.watch(function()
        self.woken()
      end)
      self.woken = fn
      self.watches[i]:start(input.reader:fd(), "r")
    end
  end
end

--- Closes the inputs; nothing is watched any more.
function Source:close()
  for _, watch in pairs(self.watches or {}) do
    watch:stop()
  end
  for _, input in ipairs(self.inputs) do
    if input.reader then
      input.reader:close()
    end
  end
end

return { open = open }
