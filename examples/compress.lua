#!/usr/bin/env prun
-- Compresses copies of files with gzip, several at a time, and says what that
-- saved. A command is a task like any other: prun.cmd.
-- Usage: prun examples/compress.lua TARGET-FOLDER FILE...

local prun = require "prun"

local target = arg[1]
if not target or not arg[2] then
  io.stderr:write("usage: compress.lua TARGET-FOLDER FILE...\n")
  os.exit(2)
end

local function size_of(path)
  local f = assert(io.open(path, "rb"))
  local n = f:seek("end")
  f:close()
  return n
end

local pool <close> = prun.Pool()
local inputs = {}
for i = 2, #arg do
  inputs[i - 1] = { arg[i], target }
end
local results = pool:starmap(prun.cmd "gzip -9nc {1} > {2}/{1/}.gz", inputs,
  { errors = "collect" })

local before, after, failed = 0, 0, 0
for i, input in ipairs(inputs) do
  if results[i].ok then
    local name = input[1]:match("[^/]*$")
    local old, new = size_of(input[1]), size_of(target .. "/" .. name .. ".gz")
    before, after = before + old, after + new
    print(string.format("%8d -> %8d  %s", old, new, input[1]))
  else
    failed = failed + 1
    io.stderr:write(input[1], ": ", results[i].stderr or tostring(results[i]),
      "\n")
  end
end
print(string.format("%d files, %d bytes -> %d", #inputs - failed, before,
  after))
os.exit(failed == 0)
