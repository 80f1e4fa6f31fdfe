-- The workers of a pool: hired, replaced, ended, more or fewer of them.

local loop = require "prun.core.loop"
local sys = require "prun.core.sys"
local arguments = require "prun.mp.arguments"
local contexts = require "prun.mp.context"

-- Seconds that a worker which is ended has until SIGKILL.
local GRACE <const> = 0.5
-- Seconds between attempts to start a worker that could not be started.
local RETRY_FIRST <const>, RETRY_LAST <const> = 0.05, 1
local TERM <const>, KILL <const> = sys.signal_number("TERM"),
  sys.signal_number("KILL")

--- Adds the methods to the class.
return function(Pool)

-- Starts one worker. true; or nil, message, errno.
function Pool:_hire()
  if self.start_method == "forkserver" then
    local ok, why, errno = self.core:forkserver(contexts.forkserver_boot())
    if not ok then
      return nil, why, errno
    end
  end
  local slot, pid, errno = self.core:hire(self.start_method)
  if not slot then
    return nil, pid, errno
  end
  self.count = self.count + 1
  self.workers[slot] = { pid = pid }
  return true
end

-- As many workers as there should be; when it cannot be, again a bit later.
function Pool:_refill()
  while self.count < self.processes and not self.broken and
    not self.ending do
    local ok, message = self:_hire()
    if not ok then
      self:_refill_later(message)
      return
    end
    self.retry_after = RETRY_FIRST
  end
end

function Pool:_refill_later()
  self.retry = self.retry or loop.timer(function()
    self:_refill()
    self:poll()
  end)
  self.retry_after = math.min((self.retry_after or RETRY_FIRST) * 2,
    RETRY_LAST)
  self.retry:start(self.retry_after)
end

-- Ends the worker: at once softly, then hard. why: the error's kind and
-- message for the task it runs, if it runs one.
function Pool:_end_worker(slot, why)
  local worker = self.workers[slot]
  if not worker or worker.ending then
    return
  end
  worker.why = why
  worker.ending = loop.timer(function()
    self.core:kill(slot, KILL, true)
  end)
  worker.ending:start(GRACE)
  self.core:kill(slot, TERM, true)
end

-- Workers of a pool that was made smaller end when they have nothing to do.
function Pool:_dismiss()
  self.surplus = false
  for slot, worker in pairs(self.workers) do
    if worker.surplus and not worker.ending then
      if self.core:running(slot) then
        self.surplus = true
      else
        self:_end_worker(slot)
      end
    end
  end
end

--- Makes the pool larger or smaller. Workers that are too many end their
-- present task first.
-- @param n integer, workers from now on
function Pool:resize(n)
  arguments.check_method(self, Pool, "pool", "resize")
  if n == nil then
    arguments.misuse("resize", 1, "a whole number expected, got nothing", 1)
  end
  arguments.check_whole("resize", 1, n, 1)
  if n > self.slots then
    arguments.misuse("resize", 1, string.format("this pool has places for %d workers; " ..
      "make it with more processes", self.slots), 1)
  end
  self:check_open(3)
  n = math.tointeger(n)
  self.processes = n
  local surplus = self.count - n
  for slot, worker in pairs(self.workers) do
    if surplus <= 0 then
      break
    end
    if not worker.surplus and not worker.ending then
      worker.surplus, self.surplus = true, true
      self.core:seize_any(slot)
      surplus = surplus - 1
    end
  end
  self:_dismiss()
  self:_refill()
end

end
