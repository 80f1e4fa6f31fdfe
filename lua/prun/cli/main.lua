-- Which face the program shows: commands, a script, a chunk, the prompt.

local parse = require "prun.cli.parse"
local signals = require "prun.signals"
local sink = require "prun.core.sink"
local sys = require "prun.core.sys"
local shell = require "prun.shell"

local VERSION <const> = "0.1.0"
local USAGE <const> = 255

local function fail(message)
  io.stderr:write("prun: ", message, "\n")
  return USAGE
end

local function show(text)
  local ok, err = io.stdout:write(text)
  if ok then
    ok, err = io.stdout:flush()
  end
  return ok and 0 or fail("standard output: " .. err)
end

-- A first operand that is a script: by its name, or by its first line.
local function is_script(word)
  if word:find("%.lua$") then
    return true
  elseif not word:find("/", 1, true) and sys.which(word) then
    -- A file that happens to lie here does not stand in for a command.
    return false
  end
  if sys.kind(word) ~= "file" then
    return false
  end
  local f = io.open(word, "r")
  local line = f and f:read(256)
  if f then
    f:close()
  end
  line = line and line:match("^#!([^\n]*)") or ""
  return (line .. " "):find("[/%s]prun%s") ~= nil
end

local function open(interrupt, pools)
  if interrupt then
    collectgarbage("restart")
  end
  local portable = os.getenv("PRUN_PORTABLE") ~= nil
  if pools then
    require("prun.mp.current").portable = portable
  end
  signals.open { interrupt = interrupt, portable = portable }
  sink.open()
end

local function script(words, at, opts)
  open(true, true)
  local scripts = require "prun.cli.script"
  if opts.eval then
    return scripts.chunk(opts.eval, words, at)
  end
  return scripts.file(words, at)
end

local function prompt()
  open(true, true)
  return require("prun.cli.prompt")()
end

--- Runs the program.
-- @param words the command line, from index 0
-- @return exit status
return function(words)
  local called = words[0]:match("[^/]*$")
  if words[1] == "--xargs" or called:find("xargs$") then
    open(false)
    sys.exit(require("prun.cli.xargs")(words[1] == "--xargs" and "prun" or
      called, words, words[1] == "--xargs" and 2 or 1))
  end
  local parsed, err = parse.parse(words)
  if not parsed then
    return fail(err)
  end
  local opts, first = parsed.opts, words[parsed.rest]
  if opts.help then
    return show(require("prun.cli.help").text())
  elseif opts.version then
    return show("prun " .. VERSION .. "\n")
  end
  local ok
  ok, err = shell.choose(opts.shell or os.getenv("PRUN_SHELL") or
    os.getenv("PARALLEL_SHELL"), os.getenv("SHELL"), sys.which,
    os.getenv)
  if not ok then
    return fail(err)
  end
  if opts.eval then
    return script(words, parsed.rest, opts)
  elseif opts.interactive and (first or #parsed.inputs > 0) then
    return fail("-i, the prompt, takes no command; for xargs's -i write {} " ..
      "where the value goes")
  elseif opts.interactive or
    (not first and not opts.lua and not opts["retry-failed"] and
    #parsed.inputs == 0 and
    sys.isatty(0)) then
    return prompt()
  elseif first and not opts.lua and not parsed.literal and
    is_script(first) then
    return script(words, parsed.rest, opts)
  end
  open(false, opts.lua)
  local run = require "prun.cli.run"
  -- Not by closing the Lua state: nothing is left to do, and it takes time.
  sys.exit(run(parsed))
end
