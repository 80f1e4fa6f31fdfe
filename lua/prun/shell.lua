-- The shell that runs what needs one.

local M = {}

--- The path of the shell. Chosen once by the program's start; a worker's is
-- the master's.
M.path = require("prun.mp.current").shell or "/bin/sh"

-- Shells whose grammar the templates know.
local known = { sh = true, bash = true, dash = true, ksh = true, zsh = true,
  ash = true }

--- Chooses the shell: what was asked for, else the user's when it is one that
-- reads POSIX shell commands, else /bin/sh.
-- @param asked string or nil: a path or a name
-- @param user string or nil: the user's login shell
-- @param which function(name): its path, or nil
-- @param getenv function(name): a variable of the environment, or nil
-- @return true, or nil and a message
function M.choose(asked, user, which, getenv)
  M.getenv = getenv
  if asked then
    M.path = which(asked)
    if not M.path then
      return nil, string.format("the shell '%s' is not a program", asked)
    end
    return true
  end
  local name = user and user:match("[^/]*$")
  if known[name] and which(user) then
    M.path = user
  end
  return true
end

--- Whether the environment holds an exported bash function of that name.
function M.is_function(name)
  return M.getenv ~= nil and M.getenv("BASH_FUNC_" .. name .. "%%") ~= nil
end

return M
