-- What becomes of tasks and workers that did not end well: a pool's events,
-- as prun.core.pool's pump has them, and what the pool does about each.

local sys = require "prun.core.sys"
local errors = require "prun.error"

-- Workers in a row, for each that the pool should have, that died before they
-- served: then the pool gives up. Killed from outside, they may be some.
local STILLBORN <const> = 8

local KINDS <const> = { R = "RemoteError", D = "DecodingError",
  N = "EncodingError" }

local function how_ended(code, signal)
  if signal ~= 0 then
    return "was killed by SIG" .. (sys.signal_name(signal) or signal)
  end
  return "ended with exit status " .. code
end

-- The error for a task that its worker took along.
local function lost_error(worker, owner, index, code, signal)
  local why = worker.why
  local fields = { index = index, pid = worker.pid,
    duration = worker.duration,
    exitcode = signal ~= 0 and -signal or code,
    signal = signal ~= 0 and signal or nil }
  if why then
    return errors.new(why.kind, why.message, fields)
  end
  return errors.new("WorkerLostError", string.format(
    "worker %d %s while it ran %s", worker.pid,
    how_ended(code, signal), owner:name(index)), fields)
end

-- Workers have the globals of the moment the pool was made.
local function explained(message)
  local name = message:match("a nil value %(global '([%a_][%w_]*)'%)")
  if name and rawget(_G, name) ~= nil then
    return string.format("%s (it was set after the pool was made; workers " ..
      "have the globals of that moment)", message)
  end
  return message
end

local on = {}

function on.failed(self, event)
  local owner, index = event[2], event[3]
  local kind = KINDS[event[4]]
  if kind == "RemoteError" and self:_try_again(owner, index) then
    return
  end
  local message = explained(event[5])
  if kind == "EncodingError" then
    message = string.format("the result of %s cannot be sent: %s",
      owner:name(index), message)
  end
  local value = event[7]
  local fields = { index = index, traceback = event[6], value = value,
    duration = event[8], pid = event[9] }
  -- One of ours stays what it is.
  if kind == "RemoteError" and getmetatable(value) == errors.Error then
    for name, field in pairs(value) do
      if fields[name] == nil then
        fields[name] = field
      end
    end
    kind, message = value.kind, value.message
  end
  self:_fail(owner, index, errors.new(kind, message, fields))
end

function on.unsendable(self, event)
  self:_fail(event[2], event[3], errors.new("EncodingError", string.format(
    "the input of %s cannot be sent: %s", event[2]:name(event[3]),
    tostring(event[4])), { index = event[3] }))
end

function on.lost(self, event)
  local worker = self.workers[event[4]]
  worker.task, worker.index, worker.duration = event[2], event[3], event[5]
end

function on.refused(self, event)
  self.workers[event[4]].refused = true
  self:_break(errors.new("InitializerError", event[5],
    { traceback = event[6] }))
end

function on.retired(self, event)
  self.workers[event[4]].retired = true
  self.count = self.count - 1
end

function on.gone(self, event)
  local slot, code, signal, retired, served = event[4], event[6], event[7],
    event[8], event[9]
  local worker = self.workers[slot]
  if worker.ending then
    worker.ending:stop()
  end
  if worker.task then
    if not (not worker.why and self:_try_again(worker.task, worker.index)) and
      not (worker.why and worker.why.kind == "TimeoutError" and
        self:_try_again(worker.task, worker.index)) then
      self:_fail(worker.task, worker.index, lost_error(worker, worker.task,
        worker.index, code, signal))
    end
  end
  self.workers[slot] = nil
  if not worker.retired then
    self.count = self.count - 1
  end
  if served then
    self.stillborn = 0
  elseif not worker.refused and not worker.ending and not retired then
    self.stillborn = self.stillborn + 1
    if self.stillborn >= STILLBORN * self.processes then
      self:_break(errors.new("WorkerLostError", string.format(
        "workers end before they can serve: the last one %s",
        how_ended(code, signal)), { pid = worker.pid,
        exitcode = signal ~= 0 and -signal or code }))
    end
  end
end

return on
