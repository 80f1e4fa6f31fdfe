#!/usr/bin/env prun
-- Counts the lines that match a Lua pattern, file by file, in parallel.
-- Usage: prun examples/grep.lua PATTERN FOLDER
-- Example: prun examples/grep.lua '[Cc]opyright' /usr/share/doc

local prun = require "prun"

local pattern, folder = arg[1], arg[2] or "."
if not pattern then
  io.stderr:write("usage: grep.lua PATTERN FOLDER\n")
  os.exit(2)
end

local function count(path)
  local f, err = io.open(path)
  if not f then
    error(err, 0)
  end
  local n = 0
  for line in f:lines() do
    if line:find(pattern) then
      n = n + 1
    end
  end
  f:close()
  return { path = path, n = n }
end

local function files_of(place)
  local find = assert(prun.run({ "find", place, "-type", "f", "-print0" },
    { capture = true, check = true }))
  local files = {}
  for path in find.stdout:gmatch("%Z+") do
    files[#files + 1] = path
  end
  table.sort(files)
  return files
end

local pool <close> = prun.Pool()
local files, lines = 0, 0
for _, found in pool:imap(count, files_of(folder), 32) do
  if found.n > 0 then
    print(found.n, found.path)
    files, lines = files + 1, lines + found.n
  end
end
print(string.format("%d lines in %d files", lines, files))
