-- prun.run: one command, run to its end. After Python's subprocess.run.

local core = require "prun.core.job"
local loop = require "prun.core.loop"
local sys = require "prun.core.sys"
local errors = require "prun.error"
local shell = require "prun.shell"
local termseq = require "prun.run.termseq"

local M = {}

local CompletedProcess = {}
CompletedProcess.__index = CompletedProcess
CompletedProcess.__name = "prun.CompletedProcess"

function CompletedProcess:__tostring()
  return string.format("CompletedProcess(args=%s, returncode=%d)",
    M.describe(self.args), self.returncode)
end

-- What workers find by name.
M.CompletedProcess = CompletedProcess

-- How a command is shown in messages.
function M.describe(cmd)
  if type(cmd) == "string" then
    return cmd
  end
  local quote = require("prun.run.quote").quote
  local words = {}
  for i, word in ipairs(cmd) do
    words[i] = quote(word)
  end
  return table.concat(words, " ")
end

local function check(value, expected, name)
  if value ~= nil and not expected:find(type(value), 1, true) then
    error(string.format("bad argument '%s' to 'run' (%s expected, got %s)",
      name, expected, type(value)), 4)
  end
  return value
end

-- The program and its arguments; or nil, message, errno.
local function command(cmd, opts)
  if type(cmd) == "string" then
    local path = shell.path
    if opts.shell then
      path = sys.which(opts.shell)
    end
    if not path then
      return nil, opts.shell .. ": " .. sys.strerror(sys.ENOENT), sys.ENOENT
    end
    return path, { path, "-c", cmd }
  elseif type(cmd) ~= "table" or #cmd == 0 then
    error("bad argument #1 to 'run' (a string, or a list of words, expected)",
      4)
  end
  local argv = {}
  for i, word in ipairs(cmd) do
    argv[i] = tostring(word)
  end
  local path = sys.which(argv[1])
  if path then
    return path, argv
  end
  local errno = sys.ENOENT
  if argv[1]:find("/", 1, true) and sys.kind(argv[1]) then
    errno = sys.EACCES
  end
  return nil, argv[1] .. ": " .. sys.strerror(errno), errno
end

-- What a stream is: a word of the launcher's, or a file opened for it.
local function stream(value, by_default, files)
  if value == nil then
    return by_default
  elseif value == "inherit" or value == "null" or value == "stdout" then
    return value
  end
  local fd, err, errno = sys.open(value, "w")
  if fd then
    files[#files + 1] = fd
  end
  return fd, err, errno
end

local function close_files(files)
  for _, fd in ipairs(files) do
    sys.close(fd)
  end
end

-- The launcher for the options, and the files opened for it.
local function launcher(opts)
  local files = {}
  if opts.capture and (opts.stdout or (opts.stderr and
    opts.stderr ~= "stdout")) then
    error("bad argument 'capture' to 'run' (it goes with stderr=\"stdout\" " ..
      "only; stdout= and stderr= say otherwise where output goes)", 4)
  end
  local by_default = opts.capture and "keep" or "inherit"
  local out, err, errno = stream(opts.stdout, by_default, files)
  local other
  if out then
    other, err, errno = stream(opts.stderr, by_default, files)
  end
  if not other then
    close_files(files)
    return nil, err, errno
  end
  return core.launcher { stdin = opts.input and "keep" or "inherit",
    stdout = out, stderr = other, cwd = opts.cwd, env = opts.env,
    setenv = opts.setenv, timeout = opts.timeout, same_group = true }, files
end

-- Runs the job to its end. Returns what it came to.
local function wait(handle, start)
  local state = {}
  function state.done(_, code, signal, seconds, _, err)
    if not code then
      state.timed_out = true
      state.ending = termseq.start(termseq.parse("TERM,200,KILL"),
        function(number)
          core.signal({ handle }, number)
          return not state.ended
        end)
      return
    end
    state.ended = true
    state.returncode = code >= 0 and code or -signal
    state.seconds, state.error = seconds, err
  end
  local ok, message, errno = start()
  if not ok then
    return nil, message, errno
  end
  return function()
    while not state.ended do
      loop.turn()
    end
    return state
  end, state
end

local function completed(cmd, handle, state, opts)
  local _, user, system, maxrss = handle:usage()
  local result = setmetatable({ args = cmd, returncode = state.returncode,
    ok = state.returncode == 0 and not state.timed_out,
    duration = state.seconds, user = user, sys = system, maxrss = maxrss },
    CompletedProcess)
  if opts.capture then
    result.stdout = handle:read("stdout")
    if opts.stderr ~= "stdout" then
      result.stderr = handle:read("stderr")
    end
  end
  return result
end

local function how_ended(returncode)
  if returncode < 0 then
    return "was killed by SIG" .. (sys.signal_name(-returncode) or -returncode)
  end
  return "returned exit status " .. returncode
end

-- The result as fields of an error object.
local function fields_of(result)
  return { args = result.args, returncode = result.returncode,
    stdout = result.stdout, stderr = result.stderr,
    duration = result.duration }
end

local function raise(kind, message, result)
  error(errors.new(kind, message, fields_of(result)), 0)
end

local OPTIONS <const> = { input = true, capture = true, stdout = true,
  stderr = true, cwd = true, env = true, setenv = true, timeout = true,
  check = true, shell = true }

--- Runs a command and waits for its end.
-- @param cmd string: given to the shell; or list of strings: executed directly
-- @param opts table or nil: `input` (string, its standard input), `capture`
--   (boolean: its output is in the result), `stdout`, `stderr` ("inherit",
--   "null", a path; stderr also "stdout"), `cwd`, `env` (table, the whole
--   environment), `setenv` (table of changes; false removes), `timeout`
--   (seconds), `check` (boolean), `shell` (path)
-- @return a CompletedProcess: `args, returncode` (negative: a signal), `ok,
--   stdout, stderr, duration, user, sys, maxrss`; or nil, message, errno when
--   the command cannot be started
-- @raise TimeoutExpired (the whole process tree was ended; with the output so
--   far); CalledProcessError with `check` and another status than 0
function M.run(cmd, opts)
  opts = opts or {}
  if type(opts) ~= "table" then
    error("bad argument #2 to 'run' (table expected)", 2)
  end
  for name in pairs(opts) do
    if not OPTIONS[name] then
      error(string.format("bad argument '%s' to 'run' (no such option)",
        tostring(name)), 2)
    end
  end
  check(opts.timeout, "number", "timeout")
  if opts.timeout and opts.timeout < 0 then
    error("bad argument 'timeout' to 'run' (it is negative)", 2)
  end
  check(opts.input, "string", "input")
  check(opts.cwd, "string", "cwd")
  check(opts.env, "table", "env")
  check(opts.setenv, "table", "setenv")
  local path, argv, errno = command(cmd, opts)
  if not path then
    return nil, argv, errno
  end
  local how, files, number = launcher(opts)
  if not how then
    return nil, files, number
  end
  local state
  local handle = core.new(function(...)
    state.done(...)
  end)
  if opts.input then
    handle:input(opts.input)
  end
  local finish, message
  finish, message, errno = wait(handle, function()
    local ok, err, n, step = how:start(handle, path, argv, #argv)
    if not ok and step == "cwd" then
      err = opts.cwd .. ": " .. err
    end
    return ok, err, n
  end)
  close_files(files)
  if not finish then
    return nil, M.describe(cmd) .. ": " .. message, errno
  end
  state = message
  finish()
  local result = completed(cmd, handle, state, opts)
  if state.error then
    return nil, "output could not be kept: " .. state.error
  elseif state.timed_out then
    raise("TimeoutExpired", string.format("command '%s' timed out after %s " ..
      "seconds", M.describe(cmd), opts.timeout), result)
  elseif opts.check and result.returncode ~= 0 then
    raise("CalledProcessError", string.format("command '%s' %s",
      M.describe(cmd), how_ended(result.returncode)), result)
  end
  return result
end

return M
