#!/usr/bin/env prun
-- Work that computes and work that waits, with one worker and with more: a
-- table of seconds. More workers than processors help only those that wait.
-- Usage: prun examples/cpu_io.lua [TASKS]

local prun = require "prun"

local tasks = tonumber(arg[1] or 8)

local function compute()
  local x = 0
  for i = 1, 2000000 do
    x = x + i % 7
  end
  return x
end

local function wait()
  require("prun").sleep(0.05)
  return true
end

local function seconds(f, workers)
  local pool <close> = prun.Pool(workers)
  local list = {}
  for i = 1, tasks do
    list[i] = i
  end
  local begun = prun.time()
  local results = pool:map(f, list, 1)
  assert(results.n == tasks)
  return prun.time() - begun
end

local columns = { 1, prun.cpu_count(), 4 * prun.cpu_count() }
print(string.format("%d tasks with workers: %d %d %d", tasks,
  table.unpack(columns)))
for _, row in ipairs { { "compute", compute }, { "wait", wait } } do
  local cells = {}
  for i, workers in ipairs(columns) do
    cells[i] = string.format("%.2f s", seconds(row[2], workers))
  end
  print(string.format("%-8s %s", row[1], table.concat(cells, "  ")))
end
