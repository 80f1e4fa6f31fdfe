-- Pool's calls do what Python's do: apply, map, starmap, their async forms.

local prun = require "prun"
local t = dofile(os.getenv "top_srcdir" .. "/tests/mp/tap.lua")

local function square(x)
  return x * x
end

t.each_method(function()
  local pool <close> = prun.Pool(2)
  t.is({ pool:apply(function(...)
    return select("#", ...), ...
  end, { 1, nil, "x", n = 4 }) }, { 4, 1, nil, "x" }, "apply: nil among arguments")
  t.is(select("#", pool:apply(function() end)), 0, "apply: no value")
  t.is(select("#", pool:apply(function()
    return nil, nil
  end)), 2, "apply: nil values are values")
  t.is(pool:map(square, { 1, 2, 3 }), { 1, 4, 9, n = 3 }, "map")
  t.is(pool:map(square, {}), { n = 0 }, "map of nothing")
  t.is(pool:map(function(x)
    return x
  end, { 1, nil, 3, n = 3 }), { 1, nil, 3, n = 3 }, "map: nil among the inputs")
  t.is(pool:map(function(x)
    return x, "second"
  end, { 1 }), { 1, n = 1 }, "map: the first value of each call")
  local i = 0
  t.is(pool:map(square, function()
    i = i + 1
    return i <= 4 and i or nil
  end), { 1, 4, 9, 16, n = 4 }, "map over an iterator function")
  t.is(pool:map(square, { 1, 2, 3, 4, 5 }, 2), { 1, 4, 9, 16, 25, n = 5 },
    "map: chunksize as a number")
  t.is(pool:starmap(function(a, b)
    return (a or 0) - b
  end, { { 5, 1 }, { nil, 2, n = 2 } }), { 4, -2, n = 2 }, "starmap")
  local r = pool:map_async(square, { 7, 8 })
  t.is(r:get(), { 49, 64, n = 2 }, "map_async")
  t.is(pool:starmap_async(math.max, { { 1, 2 }, { 4, 3 } }):get(),
    { 2, 4, n = 2 }, "starmap_async with a C function of a module")
  t.is(pool:map(string.upper, { "a", "b" }), { "A", "B", n = 2 },
    "map with a C function")
  local seen = {}
  local results = {}
  for k = 1, 20 do
    results[k] = pool:apply_async(square, { k }, { callback = function(v)
      seen[k] = v
    end })
  end
  for k = 1, 20 do
    results[k]:get()
    if seen[k] ~= k * k then
      t.ok(false, "the callback has run when get returns")
    end
  end
  t.is(#seen, 20, "apply_async: every callback ran")
  r = pool:apply_async(square, { 3 })
  t.is(r:wait(5), true, "wait: true when ready")
  t.is({ r:ready(), r:successful() }, { true, true }, "ready and successful")
  t.is(r:get(), 9, "get may be repeated")
  t.is(r:get(), 9, "get may be repeated")
  local slow = pool:apply_async(function()
    require("prun").sleep(5)
  end)
  t.is(slow:ready(), false, "not ready")
  t.raises(function()
    slow:successful()
  end, "not ready", "successful raises before the end")
  local err = t.raises(function()
    slow:get(0.05)
  end, "TimeoutError", "get with a timeout")
  t.is(err.kind, "TimeoutError", "its kind")
  t.is(slow:cancel(), false, "a running task is left running")
end)

t.each_method(function()
  local pool <close> = prun.Pool(2)
  local list = {}
  for k = 1, 300 do
    list[k] = k
  end
  local sum, order = 0, true
  local last = 0
  for k, v in pool:imap(square, list, 7) do
    order = order and k == last + 1 and v == k * k
    last, sum = k, sum + v
  end
  t.is({ order, last, sum }, { true, 300, 300 * 301 * 601 // 6 },
    "imap: in order, all of them")
  local found = {}
  for k, v in pool:imap_unordered(square, list) do
    found[k] = v
  end
  t.is({ #found, found[300] }, { 300, 90000 }, "imap_unordered: all of them")
  local n = 0
  for k in pool:imap(square, function()
    n = n + 1
    return n
  end) do
    if k == 50 then
      break
    end
  end
  t.ok(n < 100, "imap over an endless generator takes few inputs ahead", n)
  local it = pool:imap(function(x)
    if x == 2 then
      error("two")
    end
    return x
  end, { 1, 2, 3 })
  t.is({ it:next() }, { 1, 1 }, "next: index and value")
  t.raises(function()
    it:next()
  end, "two", "a failed element raises")
  t.is({ it:next() }, { 3, 3 }, "the next call goes on behind it")
  t.is({ it:next() }, {}, "nothing at the end")
end)

t.each_method(function()
  local pool = prun.Pool { processes = 3 }
  local r = pool:map_async(square, { 1, 2, 3 })
  t.raises(function()
    pool:join()
  end, "pool is still running", "join of a running pool")
  pool:close()
  pool:close()
  t.raises(function()
    pool:apply(square, { 1 })
  end, "pool not running", "submitting to a closed pool")
  pool:join()
  pool:join()
  t.is(r:get(), { 1, 4, 9, n = 3 }, "what was submitted before is done")
  pool:terminate()
  pool:terminate()
  local pids
  do
    local scoped <close> = prun.Pool(2)
    pids = scoped:pids()
    t.is(#pids, 2, "pids")
    t.is({ t.alive(pids[1]), t.alive(pids[2]) }, { true, true }, "they live")
  end
  t.ok(t.eventually(function()
    return not t.alive(pids[1]) and not t.alive(pids[2])
  end), "leaving the scope ends the workers")
end)

do
  local pool = prun.Pool(2)
  for _, case in ipairs {
    { "map", { 5, { 1 } }, "bad argument #1 to 'map' %(function expected" },
    { "map", { square, 5 }, "bad argument #2 to 'map' %(a list" },
    { "map", { square, { 1 }, 0 }, "'chunksize' to 'map' %(a whole number" },
    { "map", { square, { 1 }, 1.5 }, "'chunksize' to 'map' %(a whole number" },
    { "map", { square, { 1 }, { chunk = 1 } }, "'chunk' to 'map' %(no such" },
    { "map", { square, { 1 }, { errors = "x" } }, "'errors' to 'map'" },
    { "apply", { square, 5 }, "bad argument #2 to 'apply' %(list" },
    { "apply", { square, {}, { timeout = -1 } }, "'timeout' to 'apply'" },
    { "imap", { square, 5 }, "bad argument #2 to 'imap'" },
    { "resize", { 0 }, "#1 to 'resize' %(a whole number" } } do
    t.raises(function()
      pool[case[1]](pool, table.unpack(case[2]))
    end, case[3], case[3])
  end
  t.raises(function()
    pool.map(square, { 1 })
  end, "'map' is a method: call it as pool:map", "a dot for a colon")
  t.raises(function()
    prun.Pool(0)
  end, "'processes' to 'Pool' %(a whole number from 1 on expected, got 0",
    "Pool(0)")
  t.raises(function()
    prun.Pool { process = 2 }
  end, "bad argument 'process' to 'Pool' %(no such option", "a misspelt option")
  t.raises(function()
    prun.Pool { start_method = "thread" }
  end, "cannot find context for 'thread'", "an unknown start method")
  pool:terminate()
end

-- imap: close before the results are taken, join too.
t.each_method(function()
  local list = {}
  for i = 1, 60 do
    list[i] = -i
  end
  local function sum(it)
    local s = 0
    for _, v in it do
      s = s + v
    end
    return s
  end
  local pool = prun.Pool(2)
  local it = pool:imap(math.abs, list)
  pool:close()
  t.is(sum(it), 1830, "imap, close, results")
  pool:join()
  pool = prun.Pool(2)
  it = pool:imap_unordered(math.abs, list)
  pool:close()
  pool:join()
  t.is(sum(it), 1830, "imap, close, join, results")
  t.is(pool:stats().tasks, 60, "stats after the end")
  pool = prun.Pool(2)
  local n = 0
  it = pool:imap(math.abs, function()
    n = n + 1
    return n <= 60 and -n or nil
  end)
  pool:close()
  t.raises(function()
    pool:join()
  end, "inputs that nobody asks for", "join with an imap whose input is left")
  t.is(sum(it), 1830, "its results")
  pool:join()
  pool = prun.Pool(2)
  t.is(pool:map(math.abs, pool:imap(math.abs, { -1, -2 }))[2], 2,
    "an imap is an input")
  it = pool:imap(math.abs, list)
  pool:terminate()
  t.raises(function()
    while it() do
      t.ok(true, "imap: a result before terminate")
    end
  end, "TerminatedError", "imap after terminate")
end)

-- Arguments that are wrong leave the pool as it was.
t.each_method(function()
  local pool <close> = prun.Pool(4 / 2, function(x)
    _G.given = x
  end, { 7 })
  t.is(pool:apply(function()
    return _G.given -- luacheck: ignore
  end), 7, "positional arguments of Pool")
  for text, f in pairs {
    ["field n"] = function()
      pool:map(math.abs, { 1, n = 1.5 })
    end,
    ["keys are no numbers"] = function()
      pool:map(math.abs, { a = 1 })
    end,
    ["take its :get%(%)"] = function()
      pool:map(math.abs, pool:map_async(math.abs, { 1 }))
    end,
    ["'timeout' .*seconds expected"] = function()
      pool:map(math.abs, { 1 }, { timeout = 0 / 0 })
    end,
    ["'callback'"] = function()
      pool:apply_async(math.abs, { 1 }, { callback = 3 })
    end,
    ["'chunksize' .*no such option"] = function()
      pool:apply(math.abs, { 1 }, { chunksize = 3 })
    end,
    ["'errors' .*no such option"] = function()
      pool:imap(math.abs, { 1 }, { errors = "collect" })
    end,
    ["options expected"] = function()
      pool:map(math.abs, ipairs { 1 })
    end,
    ["pool:close"] = function()
      pool.close()
    end,
    ["prun.Pool"] = function()
      prun:Pool(2)
    end,
    ["'cwd' .*no folder"] = function()
      prun.Pool { cwd = "/no/such/folder" }
    end,
    ["'env' .* A, got table"] = function()
      prun.Pool { env = { A = {} } }
    end,
    ["at most 1000"] = function()
      prun.Pool(1000000)
    end,
  } do
    t.raises(f, text, "misuse: " .. text)
  end
  pcall(pool.map, pool, math.abs, { 1, 2 }, { progress = function()
    error "no progress"
  end })
  t.is(#pool:map(math.abs, { 1, 2, 3 }), 3, "the pool serves on")
  t.is(pool:apply(prun.cmd "echo {} {%}", { "a" }).stdout:match("^a [12]\n") ~= nil,
    true, "a command knows its worker")
  local ok, err = pcall(pool.apply, pool, prun.cmd("exit 3", { check = true }))
  t.is({ ok, err.kind, err.returncode }, { false, "CalledProcessError", 3 },
    "an error of prun's own keeps its kind")
end)

t.done()
