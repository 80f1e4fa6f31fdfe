-- require "prun": what scripts see.

local loop = require "prun.core.loop"
local sys = require "prun.core.sys"

local prun = {}

-- Where each function lives: its module is loaded when it is first used.
local home = {
  run = { "prun.run.command", "run" },
  jobs = { "prun.run.jobs" },
  quote = { "prun.run.quote", "quote" },
  current_process = { "prun.mp.process", "current_process" },
  parent_process = { "prun.mp.process", "parent_process" },
  cpu_count = { "prun.cpus", "count" },
  Error = { "prun.error", "Error" },
  Pool = { "prun.mp.context", "Pool" },
  cmd = { "prun.run.cmd", "cmd" },
  active_children = { "prun.mp.process", "active_children" },
  chunksize = { "prun.mp.pool", "chunksize" },
  get_all_start_methods = { "prun.mp.context", "get_all_start_methods" },
  get_context = { "prun.mp.context", "get_context" },
  get_start_method = { "prun.mp.context", "get_start_method" },
  set_forkserver_preload = { "prun.mp.context", "set_forkserver_preload" },
  set_start_method = { "prun.mp.context", "set_start_method" },
}

--- Sleeps, while jobs go on.
-- @param seconds number
function prun.sleep(seconds)
  local over = false
  local timer <close> = loop.timer(function()
    over = true
  end)
  timer:start(seconds)
  while not over do
    loop.turn()
  end
end

--- Registers a type, so that its values can be sent to and from workers.
-- It counts in workers when it was done before the pool was made.
-- @param name string, unique
-- @param metatable table, of the values; a field `__prun_dump(self)` in it
--   returns what to send instead of the value's own fields
-- @param load function(plain) that makes the value anew, or nil: the fields
--   get the metatable
function prun.register(name, metatable, load)
  if type(name) ~= "string" or type(metatable) ~= "table" or
    (load ~= nil and type(load) ~= "function") then
    error("bad argument to 'register' (a name, a metatable, and a function " ..
      "or nothing expected)", 2)
  end
  require("prun.core.pool").register(name, metatable, load)
end

--- The time.
-- @return seconds since the epoch, with a fraction
function prun.time()
  return sys.time()
end

return setmetatable(prun, { __index = function(_, name)
  local place = home[name]
  if not place then
    return nil
  end
  local value = require(place[1])
  if place[2] then
    value = value[place[2]]
  end
  prun[name] = value
  return value
end })
