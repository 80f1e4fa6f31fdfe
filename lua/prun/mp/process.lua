-- Who runs here, above and below. After Python's multiprocessing functions of
-- the same names.

local sys = require "prun.core.sys"
local current = require "prun.mp.current"
local guard = require "prun.mp.guard"

local M = {}

local Process = {}
Process.__index = Process
Process.__name = "prun.Process"

function Process:__tostring()
  return string.format("prun.Process(name=%s, pid=%d)", self.name, self.pid)
end

local MAIN <const> = "MainProcess"

local METHODS <const> = { fork = "Fork", spawn = "Spawn",
  forkserver = "ForkServer" }

local function worker_name(method, number)
  return METHODS[method] .. "PoolWorker-" .. number
end

--- This process.
-- @return table: `name`, `pid`, `daemon` (true in a worker)
function M.current_process()
  return setmetatable({ pid = sys.pid(), daemon = current.in_worker,
    name = current.in_worker and
      worker_name(current.start_method, current.number) or MAIN }, Process)
end

--- The process that made this worker.
-- @return table: `name`, `pid`; nil in the main process
function M.parent_process()
  if not current.in_worker then
    return nil
  end
  return setmetatable({ pid = current.parent_pid,
    name = current.depth == 1 and MAIN or "parent" }, Process)
end

--- The workers of this process's pools.
-- @return list of tables: `name`, `pid`, `daemon`
function M.active_children()
  local children = {}
  for pool in guard.each() do
    pool:poll()
    for slot, worker in pairs(pool.workers) do
      children[#children + 1] = setmetatable({ pid = worker.pid,
        daemon = true, name = worker_name(pool.start_method, slot + 1) },
        Process)
    end
  end
  table.sort(children, function(a, b)
    return a.pid < b.pid
  end)
  return children
end

return M
