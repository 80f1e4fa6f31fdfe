-- Where the values of jobs come from: lists and readers, one job's at a time.

local sys = require "prun.core.sys"
local record = require "prun.core.record"
local loop = require "prun.core.loop"

local Source = {}
Source.__index = Source

require("prun.later")(Source, "prun.run.combine",
  "collect count_up first_value product read_ahead read_header link filtered " ..
  "shuffled dropped")
require("prun.later")(Source, "prun.run.group", "group limit distribute " ..
  "measured checked")

-- The kernel refuses a longer single argument (32 pages, the ending NUL
-- included), so a longer value is never kept in memory.
local MAX_VALUE <const> = 131071

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
--   one varying fastest; one with `link` goes in step with the one before it
-- @param opts table: `separator` (string, default newline), `max_args` (how
--   many values, or sets of values, a job has; default 1), `multi` (boolean: as
--   many as fit), `skip_empty` (boolean), `cells` (see prun.run.cells), `link`
--   (boolean: all in step), `shuffle` (boolean), `header` (boolean: the first
--   value of each input is the name of its values; field `names`)
-- @return a source; or nil and a message when an input cannot be read
local function open(specs, opts)
  local self = setmetatable({ inputs = {}, columns = {}, ready = {}, first = 1,
    skip_empty = opts.skip_empty, max_args = opts.max_args or 1,
    multi = opts.multi, counted = opts.max_args, shuffle = opts.shuffle,
    drop = opts.drop,
    tuples = opts.cells and (opts.cells.colsep or opts.cells.csv) }, Source)
  for i, spec in ipairs(specs) do
    local input, err = open_input(spec, opts.separator or "\n")
    if not input then
      return nil, err
    end
    self.inputs[i] = input
    self.columns[i] = opts.cells and
      require("prun.run.cells").wrap(input, opts.cells) or input
    self.linked = self.linked or spec.link
  end
  if opts.header then
    self:read_header()
  end
  if self.linked or opts.link then
    self:link(specs, opts.link)
  end
  self:arrange()
  return self
end

-- What makes a job's values: of one input or several, filtered, grouped,
-- measured, shuffled.
function Source:arrange()
  self.one = #self.columns > 1 and self.product or self.single
  if self.filter then
    self.unfiltered, self.one = self.one, self.filtered
  end
  self.produce = self.one
  if self.max_args > 1 or self.multi then
    self.produce = self.group
  elseif self.exact then
    self.produce = self.checked
  end
  if self.drop then
    self.undropped, self.produce = self.produce, self.dropped
  end
  if self.shuffle then
    self.unshuffled, self.produce = self.produce, self.shuffled
  end
end

--- Only jobs whose values pass.
-- @param filter function(args) -> boolean; or nil and a message
function Source:filter_by(filter)
  self.filter = filter
  self:arrange()
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
  local value, why, message = self:value(self.columns[1])
  if type(value) == "table" then
    return value
  elseif value then
    return { value, n = 1 }
  end
  return nil, why, message
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
