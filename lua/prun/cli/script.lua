-- Running a script or a chunk of Lua.

local loop = require "prun.core.loop"
local current = require "prun.mp.current"
local sink = require "prun.core.sink"
local sys = require "prun.core.sys"

local M = {}

-- What is still on its way to stdout and stderr goes out; true when it did.
local function flush()
  local ok, err = io.stdout:flush()
  if not ok or sys.print_failed() then
    io.stderr:write("prun: standard output: ", err or "it could not be written",
      "\n")
    return false
  end
  while sink.queued() > 0 and not sink.error() do
    loop.turn()
  end
  return not sink.error()
end

local exit = os.exit

-- As os.exit, but nothing that was written is lost.
local function flush_and_exit(code, close)
  if not flush() and (code == nil or code == true or code == 0) then
    code = 1
  end
  exit(code, close)
end

-- `arg` as lua(1) has it: the script at 0, what came before it below.
local function make_arg(words, script_at)
  local arg = {}
  for i = 0, #words do
    arg[i - script_at] = words[i]
  end
  return arg
end

local function handler(message)
  if type(message) ~= "string" then
    local mt = getmetatable(message)
    if not (mt and mt.__tostring) then
      message = string.format("(error object is a %s value)", type(message))
    end
  end
  return debug.traceback(tostring(message), 2)
end

-- A view of prun.mp.current's as the progress line has a scheduler.
local function show_progress(view)
  local scheduler = setmetatable({ tally = setmetatable({}, {
    __index = function(_, name)
      return name == "failed" and view.failed or view.done - view.failed
    end }), seq = view.total, at_end = true, stopped = true }, {
    __index = view })
  return require("prun.cli.progress").new { bar = true,
    scheduler = scheduler }
end

local function call(chunk, arg)
  current.progress = show_progress
  function current.report(text)
    io.stderr:write("prun: ", text, "\n")
  end
  require("prun.mp.boot").remember()
  _G.arg = arg
  os.exit = flush_and_exit -- luacheck: ignore 122 (a script calls it so)
  local ok, err = xpcall(chunk, handler, table.unpack(arg))
  if not ok then
    io.stdout:flush()
    io.stderr:write("prun: ", err, "\n")
    flush()
    return 1
  end
  return flush() and 0 or 1
end

--- Runs the file words[at] with the words behind it as arguments.
-- @return exit status
function M.file(words, at)
  local path = words[at]
  -- Absolute: workers may have another folder.
  local folder = path:match("^(.*)/[^/]*$") or "."
  folder = sys.realpath(folder) or folder
  package.path = folder .. "/?.lua;" .. folder .. "/?/init.lua;" ..
    package.path
  local chunk, err = loadfile(path, "t")
  if not chunk then
    io.stderr:write("prun: ", err, "\n")
    return 1
  end
  return call(chunk, make_arg(words, at))
end

--- Runs a chunk, with the words from `at` on as arguments.
-- @return exit status
function M.chunk(text, words, at)
  local chunk, err = load(text, "=(command line)", "t")
  if not chunk then
    io.stderr:write("prun: ", err, "\n")
    return 1
  end
  _G.prun = require "prun"
  return call(chunk, make_arg(words, at - 1))
end

return M
