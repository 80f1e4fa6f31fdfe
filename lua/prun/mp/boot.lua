-- What a new worker is told about the master.

local sys = require "prun.core.sys"
local current = require "prun.mp.current"
local shell = require "prun.shell"

local M = {}

-- The globals of a fresh state: what else there is, is the user's.
local fresh = {}

--- Remembers the globals there are now, before a script runs.
function M.remember()
  for name, value in pairs(_G) do
    fresh[name] = value
  end
end

-- The user's globals, and of those that cannot be sent the reasons.
local function globals(core)
  local found, missing = {}, {}
  for name, value in next, _G do
    if type(name) == "string" and name ~= "arg" and
      not rawequal(fresh[name], value) then
      local ok, why = core:can_send(value)
      if ok then
        found[name] = value
      else
        missing[name] = why
      end
    end
  end
  return found, missing
end

--- Makes the boot of a pool's workers.
-- @param core the pool's prun.core.pool
-- @param opts table: `method` (how workers start), `initializer`, `initargs`, `env`, `cwd`
-- @return true, or nil and why it cannot be sent
function M.make(core, opts)
  local initargs = opts.initargs or {}
  local boot = { path = package.path, cpath = package.cpath, arg = _G.arg,
    env = opts.env or {}, cwd = opts.cwd, pid = sys.pid(),
    depth = current.depth + 1, start_method = opts.method,
    portable = current.portable, shell = shell.path, initializer = opts.initializer,
    initargs = { n = initargs.n or #initargs, table.unpack(initargs, 1,
      initargs.n or #initargs) } }
  boot.globals, boot.missing = globals(core)
  return core:boot(boot)
end

return M
