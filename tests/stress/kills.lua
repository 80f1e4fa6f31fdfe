-- Maps over 200 tasks with a random worker killed in each: every task has
-- exactly one end, each value is right. PRUN_ROUNDS says how many rounds.

local prun = require "prun"
local sys = require "prun.core.sys"
local t = dofile(os.getenv "top_srcdir" .. "/tests/mp/tap.lua")

local rounds = tonumber(os.getenv "PRUN_ROUNDS" or 30)
local seed = tonumber(os.getenv "PRUN_SEED" or sys.random() & 0xffffff)

-- A task that computes a little; some are longer.
local function task(x)
  local n = x % 17 == 0 and 40000 or 400
  local s = 0
  for i = 1, n do
    s = s + i % 7
  end
  return x * 3, s
end

-- Kills one of the pool's workers at a random moment, by a process of its own.
local function kill_later(pool)
  local pids = pool:pids()
  local pid = pids[math.random(#pids)]
  local signal = ({ "KILL", "KILL", "SEGV", "TERM", "ABRT" })[math.random(5)]
  os.execute(string.format("(sleep 0.00%d; kill -%s %d) 2>/dev/null &",
    math.random(0, 9), signal, pid))
end

t.each_method(function()
  math.randomseed(seed)
  local list = {}
  for i = 1, 200 do
    list[i] = i
  end
  local wrong, lost, hung = 0, 0, 0
  local pool <close> = prun.Pool(3)
  for round = 1, rounds do
    kill_later(pool)
    local calls = 0
    local r = pool:map_async(task, list, { errors = "collect",
      chunksize = math.random(1, 60), callback = function()
        calls = calls + 1
      end })
    if not r:wait(10) then
      hung = hung + 1
      break
    end
    local values = r:get()
    for i = 1, 200 do
      local v = values[i]
      if type(v) == "table" and v.kind == "WorkerLostError" and
        v.index == i then
        lost = lost + 1
      elseif v ~= i * 3 then
        wrong = wrong + 1
        print("# round " .. round .. ": " .. i .. ": " .. tostring(v))
      end
    end
    if calls ~= 1 then
      wrong = wrong + 1
    end
  end
  t.ok(hung == 0, "nothing hangs", "seed " .. seed)
  t.ok(wrong == 0, "every task has one end, and the right one",
    "seed " .. seed)
  t.ok(lost <= rounds, "a kill loses one task at most", lost, rounds)
  print(string.format("# %srounds %d lost %d", t.method, rounds, lost))
end)

t.done()
