-- The prompt: reads chunks of Lua, runs them, shows their values.

local repl = require "prun.core.repl"

-- A line that is an expression shows its value, as with lua(1).
local function compile(text)
  local chunk = load("return " .. text, "=stdin", "t")
  if chunk then
    return chunk
  end
  return load(text, "=stdin", "t")
end

-- Reads lines until they make a chunk; nil at the end of input.
local function read_chunk()
  local line = repl.read("prun> ")
  while line do
    local chunk, err = compile(line)
    if chunk or not err:find("<eof>", 1, true) then
      if line ~= "" then
        repl.remember(line)
      end
      return line, chunk, err
    end
    local more = repl.read("  ... ")
    if not more then
      return line, nil, err
    end
    line = line .. "\n" .. more
  end
  return nil
end

local function show(ok, ...)
  if not ok then
    io.stderr:write(tostring((...)), "\n")
  elseif select("#", ...) > 0 then
    print(...)
  end
end

--- Runs the prompt until the end of input.
-- @return exit status
return function()
  _G.prun = require "prun"
  local line, chunk, err = read_chunk()
  while line do
    if chunk then
      show(xpcall(chunk, debug.traceback))
    else
      io.stderr:write(err, "\n")
    end
    line, chunk, err = read_chunk()
  end
  io.stdout:write("\n")
  return 0
end
