-- Workers that are stopped: by Ctrl-Z with us, or by a signal of their own.

local loop = require "prun.core.loop"
local sys = require "prun.core.sys"
local signals = require "prun.signals"

local M = {}

-- Seconds between two looks at workers that have tasks.
local PAUSE <const> = 1
-- Looks at which a worker may be found stopped; at the first it is continued.
local MOST <const> = 3

local STOP <const>, CONT <const> = sys.signal_number("STOP"),
  sys.signal_number("CONT")

-- Pools that have workers.
local pools = setmetatable({}, { __mode = "k" })

local function signal_all(number)
  for pool in pairs(pools) do
    for slot in pairs(pool.workers) do
      pool.core:kill(slot, number, true)
    end
  end
end

-- Ctrl-Z: what tasks started stops with us, and goes on with us.
local function listener(name)
  if name ~= "TSTP" or next(pools) == nil then
    return false
  end
  signal_all(STOP)
  sys.stop()
  signal_all(CONT)
  return true
end

local listening

--- A pool has workers from now on.
function M.add(pool)
  pools[pool] = true
  if not listening then
    listening = true
    signals.listen(listener)
  end
end

--- All pools that have workers, for a generic for.
function M.each()
  return next, pools
end

--- It has none any more.
function M.remove(pool)
  pools[pool] = nil
end

-- A task that waits for a stopped worker would wait for ever: continue the
-- worker, and end it when that does not help.
local function look(pool)
  for slot, worker in pairs(pool.workers) do
    if sys.process_state(worker.pid) ~= "T" then
      worker.stopped = nil
    else
      worker.stopped = (worker.stopped or 0) + 1
      if worker.stopped >= MOST then
        pool:_end_worker(slot, { kind = "WorkerLostError",
          message = "the worker was stopped, and did not go on" })
      else
        pool.core:kill(slot, CONT)
      end
    end
  end
end

--- Looks after the pool's workers as long as there are tasks without an end.
function M.watch(pool)
  if pool.watched then
    return
  end
  pool.watched = true
  pool.guard = pool.guard or loop.timer(function()
    pool.watched = false
    pool:poll()
    if not pool.ended and pool.core:unended() > 0 then
      look(pool)
      M.watch(pool)
    end
  end)
  pool.guard:start(PAUSE)
end

return M
