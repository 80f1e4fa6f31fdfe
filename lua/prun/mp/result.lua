-- AsyncResult: what comes of tasks that were submitted together.
-- After Python's multiprocessing.pool.AsyncResult.

local loop = require "prun.core.loop"
local arguments = require "prun.mp.arguments"
local errors = require "prun.error"

local AsyncResult = {}
AsyncResult.__index = AsyncResult
AsyncResult.__name = "prun.AsyncResult"

-- The fields: `pool`; `batch`, its tasks in C; `single`, whether it is one
-- task with all its values; `collect`; `errors` by index; `attempts` by index;
-- `timeout`, `retries`; `callback`, `error_callback`; `done`; `error`.

--- What a task is called in messages.
function AsyncResult:name(index)
  return self.single and "the task" or
    string.format("task %d", index + (self.base or 0))
end

--- Called by the pool when the last task has its end.
function AsyncResult:finish()
  self.done = true
  local results = self.batch:results()
  if not self.single then
    results.n = self.total
  end
  if not self.errors then
    return
  end
  local lowest
  for i, err in pairs(self.errors) do
    if self.collect then
      results[i] = err
    end
    if not lowest or i < lowest then
      lowest = i
    end
  end
  if not self.collect then
    self.error = self.errors[lowest]
  end
end

--- Runs the callback that fits; what it raises is reported and hurts nobody.
-- @param report function(text)
function AsyncResult:call_back(report)
  local callback, ok, err = self.callback
  if self.error then
    callback = self.error_callback
  end
  if not callback then
    return
  end
  if self.error then
    ok, err = xpcall(callback, debug.traceback, self.error)
  elseif self.single then
    local results = self.batch:results()
    ok, err = xpcall(callback, debug.traceback,
      table.unpack(results, 1, results.n))
  else
    ok, err = xpcall(callback, debug.traceback, self.batch:results())
  end
  if not ok then
    report("a callback failed: " .. tostring(err))
  end
end

--- Whether the end has come.
function AsyncResult:ready()
  arguments.check_method(self, AsyncResult, "result", "ready")
  if not self.done then
    self.pool:poll()
  end
  return self.done or false
end

--- Whether all went well.
-- @raise an error before the end has come
function AsyncResult:successful()
  arguments.check_method(self, AsyncResult, "result", "successful")
  if not self:ready() then
    error("the result is not ready", 2)
  end
  return self.error == nil
end

--- Waits for the end.
-- @param timeout seconds, or nil: without limit
-- @return whether the end has come
function AsyncResult:wait(timeout)
  arguments.check_method(self, AsyncResult, "result", "wait")
  arguments.check_seconds("wait", timeout)
  return self.pool:wait_for(self, timeout and loop.now() + timeout)
end

--- Waits for the end and returns what came of it: all values of a task that
-- was applied, the list of a map.
-- @param timeout seconds, or nil: without limit
-- @raise TimeoutError; the error of the task with the lowest index
function AsyncResult:get(timeout)
  arguments.check_method(self, AsyncResult, "result", "get")
  arguments.check_seconds("get", timeout)
  if not self.done and not self:wait(timeout) then
    error(errors.new("TimeoutError", string.format(
      "no result within %s seconds", timeout)), 0)
  end
  if self.error then
    error(self.error, 0)
  end
  local results = self.batch:results()
  if self.single then
    return table.unpack(results, 1, results.n)
  end
  return results
end

--- Takes back what has not begun.
-- @param kill boolean: end what runs, too; its worker is replaced
-- @return true when it was cancelled, now or before, and nothing of it is left
--   to do or running; false too when it had ended
function AsyncResult:cancel(kill)
  arguments.check_method(self, AsyncResult, "result", "cancel")
  return self.pool:cancel(self, kill)
end

return AsyncResult
