-- What a worker does first: become like the master, as far as tasks see it.

local loop = require "prun.core.loop"
local sys = require "prun.core.sys"
local current = require "prun.mp.current"

-- A global that could not be sent says so when it is read.
local function mark_missing(missing)
  if next(missing) == nil then
    return
  end
  setmetatable(_G, { __index = function(_, name)
    local reason = missing[name]
    if reason then
      error(string.format("global '%s' could not be sent to the worker: %s",
        name, reason), 2)
    end
    return nil
  end })
end

-- Most tasks need no loop; what does (commands, pools, sleep) opens it.
local function open_loop()
  require("prun.signals").open { worker = true,
    portable = current.portable }
  require("prun.core.sink").open()
end

--- Takes what prun.mp.boot made in the master.
-- @param boot table
-- @param number integer, of this worker in its pool, from 1
-- @param task function() -> number of the present task in its pool, from 1
return function(boot, number, task)
  package.path, package.cpath = boot.path, boot.cpath
  _G.arg = boot.arg
  for name, value in pairs(boot.env) do
    assert(sys.setenv(name, value or nil))
  end
  if boot.cwd then
    assert(sys.chdir(boot.cwd))
  end
  for name, value in pairs(boot.globals) do
    _G[name] = value
  end
  mark_missing(boot.missing)
  math.randomseed(sys.random(), sys.random())
  current.depth, current.parent_pid = boot.depth, boot.pid
  current.in_worker, current.portable = true, boot.portable
  current.start_method, current.number = boot.start_method, number
  current.task = task
  current.shell = boot.shell
  loop.opener(open_loop)
  if boot.initializer then
    boot.initializer(table.unpack(boot.initargs, 1, boot.initargs.n))
  end
end
