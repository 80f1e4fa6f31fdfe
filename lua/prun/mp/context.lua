-- Start methods, and the calls that are bound to one.
-- After Python's multiprocessing.get_context.

local current = require "prun.mp.current"

local METHODS <const> = { "fork", "spawn", "forkserver" }

local Context = {}
Context.__index = Context
Context.__name = "prun.Context"

local M = {}

local function check(name, level)
  for _, method in ipairs(METHODS) do
    if method == name then
      return name
    end
  end
  error(string.format("cannot find context for '%s' (there are: %s)",
    tostring(name), table.concat(METHODS, ", ")), level or 3)
end

-- The method to use, when a call may have named one.
function Context:resolve(name)
  return name and check(name, 4) or self.method or M.get_start_method()
end

-- Python's positional arguments: processes, initializer, initargs,
-- maxtasksperchild.
local function options(opts, initializer, initargs, maxtasksperchild)
  if opts == package.loaded.prun and opts then
    error("'Pool' is a function: call it as prun.Pool(...)", 3)
  elseif initializer == nil and initargs == nil and maxtasksperchild == nil then
    return opts
  elseif type(opts) == "table" then
    error("bad argument #2 to 'Pool' (all options are fields of the table)", 3)
  end
  return { processes = opts, initializer = initializer, initargs = initargs,
    maxtasksperchild = maxtasksperchild }
end

--- A pool whose workers start by this context's method. See prun.Pool.
function Context:Pool(...)
  if getmetatable(self) ~= Context then
    error("'Pool' is a method of a context: call it as context:Pool(...)", 2)
  end
  return require("prun.mp.pool").new(options(...), self)
end

--- The start method of this context.
function Context:get_start_method()
  return self.method or M.get_start_method()
end

local default = setmetatable({}, Context)
local chosen

--- The start methods of this system, the default first.
-- @return list of strings
function M.get_all_start_methods()
  return table.move(METHODS, 1, #METHODS, 1, {})
end

--- Sets how workers start.
-- @param name "fork", "spawn" or "forkserver"
-- @param opts table or nil: `force` (boolean), to set it again
function M.set_start_method(name, opts)
  check(name)
  if chosen and not (opts and opts.force) then
    error("context has already been set", 2)
  end
  chosen = name
end

--- How workers start.
function M.get_start_method()
  return chosen or current.start_method or METHODS[1]
end

local preload = {}

--- Names modules that the fork server loads, once, before workers are forked
-- from it. It counts when the server starts, with the first pool that needs it.
-- @param modules list of strings
function M.set_forkserver_preload(modules)
  if type(modules) ~= "table" then
    error("bad argument #1 to 'set_forkserver_preload' (a list of module " ..
      "names expected)", 2)
  end
  for _, name in ipairs(modules) do
    if type(name) ~= "string" then
      error("bad argument #1 to 'set_forkserver_preload' (a list of module " ..
        "names expected, with a " .. type(name) .. " in it)", 2)
    end
  end
  preload = table.move(modules, 1, #modules, 1, {})
end

--- What the fork server shall load.
-- @return table for prun.mp.preload
function M.forkserver_boot()
  return { path = package.path, cpath = package.cpath, modules = preload }
end

--- The calls bound to one start method.
-- @param name string, or nil: whatever is set
function M.get_context(name)
  if name == nil then
    return default
  end
  return setmetatable({ method = check(name) }, Context)
end

--- prun.Pool
function M.Pool(...)
  return require("prun.mp.pool").new(options(...), default)
end

return M
