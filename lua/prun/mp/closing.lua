-- The end of a pool, and what it tells of itself.

local loop = require "prun.core.loop"
local arguments = require "prun.mp.arguments"
local guard = require "prun.mp.guard"
local errors = require "prun.error"

-- Seconds that a worker which is ended has until SIGKILL.
local GRACE <const> = 0.5

--- Adds the methods to the class.
return function(Pool)

-- The workers end when everything has; then the pool is gone.
function Pool:_go_on_closing()
  if not self.told and self.core:unended() == 0 and
    next(self.imaps) == nil then
    self.told = true
    self.ending = true
    self.core:close()
  end
  if self.told and self.count == 0 then
    self:_free()
  end
end

function Pool:_free()
  self.ended = true
  self.last_stats = self.core:stats()
  self.last_stats.workers = {}
  guard.remove(self)
  for _, worker in pairs(self.workers) do
    if worker.ending then
      worker.ending:stop()
    end
  end
  if self.guard then
    self.guard:stop()
  end
  if self.retry then
    self.retry:stop()
  end
  if self.clock then
    self.clock:stop()
  end
  self.core:free()
end

--- No more tasks; what was submitted goes on. May be repeated.
function Pool:close()
  arguments.check_method(self, Pool, "pool", "close")
  if not self.ended then
    self.closing = true
    for imap in pairs(self.imaps) do
      imap:hurry()
      if imap.ended then
        self.imaps[imap] = nil
      end
    end
    self:poll()
  end
end

--- Ends the workers now, with all they started. Tasks without an end get
-- TerminatedError. May be repeated.
function Pool:terminate()
  arguments.check_method(self, Pool, "pool", "terminate")
  if self.ended then
    return
  end
  self.closing, self.ending, self.told = true, true, true
  for slot in pairs(self.workers) do
    self.core:seize_any(slot)
    self:_end_worker(slot, { kind = "TerminatedError",
      message = "the pool was terminated while it ran" })
  end
  self:_give_up(errors.new("TerminatedError", "the pool was terminated"))
  self:wait_for(self, loop.now() + 4 * GRACE, "ended")
  if not self.ended then
    self:_free()
  end
  if #self.callbacks > 0 then
    self:_call_back()
  end
end

Pool.__close = Pool.terminate

--- Waits until all has ended. The pool must be closed or terminated.
function Pool:join()
  arguments.check_method(self, Pool, "pool", "join")
  if not self.closing then
    error("pool is still running", 2)
  end
  local imap = next(self.imaps)
  if imap and not self.ended then
    error("an imap of this pool has inputs that nobody asks for: take its " ..
      "results, or terminate the pool", 2)
  end
  self:wait_for(self, nil, "ended")
end

--- The process ids of the workers.
-- @return list of integers
function Pool:pids()
  arguments.check_method(self, Pool, "pool", "pids")
  local pids = {}
  for _, worker in pairs(self.workers) do
    pids[#pids + 1] = worker.pid
  end
  table.sort(pids)
  return pids
end

--- What it has done so far.
-- @return table: `tasks` (ended), `queued`, `running`, `lost`, `bytes_out`,
--   `bytes_in`, `workers` (list of `pid, tasks, busy, idle, startup`, seconds)
function Pool:stats()
  arguments.check_method(self, Pool, "pool", "stats")
  if self.ended then
    return self.last_stats
  end
  self:poll()
  return self.core:stats()
end

end
