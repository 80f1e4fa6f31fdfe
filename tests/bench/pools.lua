-- The figures of pools, one a run: prun pools.lua NAME [ARGUMENT].
-- Prints seconds a unit, the best of some rounds.

local prun = require "prun"

local function best(rounds, f)
  local least = math.huge
  for _ = 1, rounds do
    least = math.min(least, f())
  end
  return least
end

local function timed(n, f)
  local begun = prun.time()
  f()
  return (prun.time() - begun) / n
end

local function list_of(n)
  local list = {}
  for i = 1, n do
    list[i] = i
  end
  return list
end

local function square(x)
  return x * x
end

local function same(x)
  return x
end

-- A map of n integers in a pool of two.
local function map(n, chunksize, rounds)
  local pool <close> = prun.Pool(2)
  local list = list_of(n)
  return best(rounds, function()
    return timed(n, function()
      local r = pool:map(square, list, chunksize)
      assert(r[n] == n * n)
    end)
  end)
end

local function apply(value, n)
  local pool <close> = prun.Pool(2)
  return best(5, function()
    return timed(n, function()
      for _ = 1, n do
        pool:apply(same, { value })
      end
    end)
  end)
end

-- So much computing in a task.
local function compute(n)
  local x = 0
  for i = 1, n do
    x = x + i % 7
  end
  return x
end

local figures = {}

function figures.map(n)
  return map(tonumber(n), nil, tonumber(n) > 100000 and 5 or 20)
end

function figures.chunk1()
  return map(100000, 1, 5)
end

function figures.apply()
  return apply(1, 20000)
end

function figures.mib()
  return apply(("x"):rep(1 << 20), 100)
end

function figures.tables()
  local pool <close> = prun.Pool(2)
  local list = {}
  for i = 1, 100000 do
    list[i] = { i, "name", { 1, 2, 3.5 } }
  end
  return best(5, function()
    return timed(#list, function()
      pool:map(same, list)
    end)
  end)
end

figures["first"] = function(method)
  prun.Pool(1):terminate()
  return best(15, function()
    local seconds
    local begun = prun.time()
    local pool = prun.Pool { processes = 2, start_method = method }
    pool:apply(square, { 2 })
    seconds = prun.time() - begun
    pool:terminate()
    return seconds
  end)
end

figures["recycle"] = function(method)
  local pool <close> = prun.Pool { processes = 2, start_method = method,
    maxtasksperchild = 1 }
  local list = list_of(200)
  return best(5, function()
    return timed(#list, function()
      pool:map(square, list, 1)
    end)
  end)
end

-- How many times faster two workers are than one process.
function figures.speedup()
  local list = {}
  for i = 1, 64 do
    list[i] = 1000000
  end
  local pool <close> = prun.Pool(2)
  pool:map(same, list)
  local serial, two = math.huge, math.huge
  for _ = 1, 5 do
    serial = math.min(serial, timed(1, function()
      for i = 1, #list do
        compute(list[i])
      end
    end))
    two = math.min(two, timed(1, function()
      pool:map(compute, list)
    end))
  end
  return serial / two
end

-- How much longer than itself a task of 10 ms takes while another worker is
-- busy for long.
function figures.wait()
  local pool <close> = prun.Pool(2)
  local function sleep(s)
    require("prun").sleep(s)
  end
  pool:map(sleep, { 0, 0 })
  pool:apply_async(sleep, { 1 })
  return best(20, function()
    return timed(1, function()
      pool:apply(sleep, { 0.01 })
    end) - 0.01
  end)
end

print(string.format("%.9f", figures[arg[1]](arg[2])))
