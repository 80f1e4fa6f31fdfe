-- Random calls of a pool, and workers killed at random: submit, cancel, resize,
-- timeouts, retries, maps and single tasks mixed. Every submission has exactly
-- one end and its callback one call; nothing hangs. PRUN_ROUNDS says how long.

local prun = require "prun"
local sys = require "prun.core.sys"
local t = dofile(os.getenv "top_srcdir" .. "/tests/mp/tap.lua")

local rounds = tonumber(os.getenv "PRUN_ROUNDS" or 10)
local seed = tonumber(os.getenv "PRUN_SEED" or sys.random() & 0xffffff)

-- What tasks do: compute, sleep, fail, vanish.
local function task(kind, x)
  if kind == 1 then
    local s = 0
    for i = 1, x * 1000 do
      s = s + i
    end
  elseif kind == 2 then
    require("prun").sleep(x / 10000)
  elseif kind == 3 then
    error("failed " .. x)
  elseif kind == 4 then
    os.exit(x % 3)
  elseif kind == 5 then
    return ("x"):rep(x * 10000)
  elseif kind == 6 then
    print(("."):rep(x))
  end
  return x
end

local function kind()
  local n = math.random(100)
  return n <= 40 and 1 or n <= 70 and 2 or n <= 80 and 3 or n <= 84 and 4 or
    n <= 92 and 5 or 0
end

local function one_pool(method)
  local pool = prun.Pool { processes = math.random(4), start_method = method,
    maxtasksperchild = math.random(3) == 1 and math.random(20) or nil }
  local submitted, calls = 0, {}
  local results = {}
  local function counted(opts)
    submitted = submitted + 1
    local id = submitted
    local function called()
      calls[id] = (calls[id] or 0) + 1
    end
    opts.callback, opts.error_callback = called, called
    return opts
  end
  for _ = 1, math.random(60) do
    local what = math.random(100)
    if what <= 50 then
      results[#results + 1] = pool:apply_async(task, { kind(),
        math.random(20) }, counted { retries = math.random(0, 1),
        timeout = math.random(10) == 1 and 0.001 or nil })
    elseif what <= 65 then
      local lists = {}
      for i = 1, math.random(100) do
        lists[i] = { kind(), math.random(9) }
      end
      results[#results + 1] = pool:starmap_async(task, lists, counted {
        errors = math.random(2) == 1 and "collect" or "raise",
        chunksize = math.random(30) })
    elseif what <= 75 and #results > 0 then
      results[math.random(#results)]:cancel(math.random(4) == 1)
    elseif what <= 82 then
      pool:resize(math.random(5))
    elseif what <= 90 then
      local pids = pool:pids()
      if #pids > 0 then
        os.execute("kill -KILL " .. pids[math.random(#pids)] ..
          " 2>/dev/null")
      end
    else
      prun.sleep(math.random(20) / 10000)
    end
  end
  local hung = 0
  for _, result in ipairs(results) do
    if not result:wait(15) then
      hung = hung + 1
    end
  end
  if math.random(2) == 1 then
    pool:close()
    pool:join()
  else
    pool:terminate()
  end
  local wrong = 0
  for id = 1, submitted do
    if calls[id] ~= 1 then
      wrong = wrong + 1
    end
  end
  return hung, wrong
end

t.each_method(function(method)
  math.randomseed(seed)
  local hung, wrong = 0, 0
  for _ = 1, rounds do
    local h, w = one_pool(method)
    hung, wrong = hung + h, wrong + w
    if hung > 0 then
      break
    end
  end
  t.ok(hung == 0, "nothing hangs", "seed " .. seed)
  t.ok(wrong == 0, "each submission has one end", "seed " .. seed, wrong)
end)

t.done()
