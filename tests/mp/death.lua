-- Every task has exactly one end, whatever becomes of its worker.

local prun = require "prun"
local t = dofile(os.getenv "top_srcdir" .. "/tests/mp/tap.lua")

local function kill(pid, signal)
  os.execute(string.format("kill -%s %d", signal or "KILL", pid))
end

local function pid_of()
  return require("prun.core.sys").pid()
end

-- Ways for a task to take its worker along.
local ways = {
  { "SIGKILL", function()
    local pid = require("prun.core.sys").pid()
    os.execute("kill -KILL " .. pid)
    require("prun").sleep(5)
  end, { -9, 9 } },
  { "SIGSEGV", function()
    os.execute("kill -SEGV " .. require("prun.core.sys").pid())
    require("prun").sleep(5)
  end, { -11, 11 } },
  { "SIGABRT", function()
    os.execute("kill -ABRT " .. require("prun.core.sys").pid())
    require("prun").sleep(5)
  end, { -6, 6 } },
  { "os.exit(0)", function()
    os.exit(0)
  end, { 0 } },
  { "os.exit(3)", function()
    os.exit(3)
  end, { 3 } },
}

t.each_method(function()
  local pool <close> = prun.Pool(2)
  for _, way in ipairs(ways) do
    local r = pool:apply_async(way[2])
    local ok, err = pcall(r.get, r, 5)
    t.is({ ok, err.kind, err.exitcode, err.signal }, { false,
      "WorkerLostError", way[3][1], way[3][2] }, way[1])
    t.ok(math.type(err.duration) == "float" and err.duration < 5 and
      err.pid, "its duration and pid", err.duration)
    t.is(pool:apply(math.abs, { -2 }), 2, "the pool serves on")
  end
  t.ok(t.eventually(function()
    pool:poll()
    return #pool:pids() == 2
  end), "the lost ones are replaced")
  t.is(pool:stats().lost, #ways, "stats: lost")
end)

t.each_method(function()
  local pool <close> = prun.Pool(2)
  local list = {}
  for i = 1, 100 do
    list[i] = i
  end
  local r = pool:map(function(x)
    if x % 10 == 5 then
      os.execute("kill -KILL " .. require("prun.core.sys").pid())
      require("prun").sleep(5)
    end
    return x
  end, list, { errors = "collect", chunksize = 25 })
  local good, lost = 0, {}
  for i = 1, 100 do
    if r[i] == i then
      good = good + 1
    elseif r[i].kind == "WorkerLostError" and r[i].index == i then
      lost[#lost + 1] = i
    end
  end
  t.is({ good, lost }, { 90, { 5, 15, 25, 35, 45, 55, 65, 75, 85, 95 } },
    "a dead worker fails just the task it ran, of a chunk too")
  local err = t.raises(function()
    pool:map(function(x)
      if x > 3 then
        error { code = x }
      end
      return x
    end, { 1, 2, 3, 4, 5, 6 }, 1)
  end, "RemoteError", "map raises")
  t.is({ err.index, err.value }, { 4, { code = 4 } },
    "the error of the lowest index, with the value that was raised")
end)

-- Idle workers killed, one of two and both.
t.each_method(function()
  local pool <close> = prun.Pool(2)
  pool:apply(pid_of)
  for round = 1, 2 do
    local pids = pool:pids()
    for i = 1, round do
      kill(pids[i])
    end
    t.is(pool:map(math.abs, { -1, -2, -3, -4 }, 1), { 1, 2, 3, 4, n = 4 },
      round .. " idle workers killed")
  end
end)

-- All killed at once with many queued.
t.each_method(function()
  local pool <close> = prun.Pool(2)
  local ends = 0
  for _ = 1, 1000 do
    pool:apply_async(function()
      require("prun").sleep(0.0005)
    end, {}, { callback = function()
      ends = ends + 1
    end, error_callback = function()
      ends = ends + 1
    end })
  end
  for _, pid in ipairs(pool:pids()) do
    kill(pid)
  end
  pool:close()
  pool:join()
  t.is(ends, 1000, "all workers killed at once: every task has one end")
end)

-- A worker that dies while its answer is under way.
t.each_method(function()
  local pool <close> = prun.Pool(1)
  local r = pool:apply_async(function()
    local sys = require "prun.core.sys"
    os.execute("(sleep 0.02; kill -KILL " .. sys.pid() .. ") &")
    return ("x"):rep(64 << 20), require("prun").sleep(1)
  end)
  local ok, err = pcall(r.get, r, 8)
  t.is({ ok, err.kind }, { false, "WorkerLostError" },
    "killed with 64 MiB of answer")
  t.is(#pool:apply(string.rep, { "x", 10 << 20 }), 10 << 20, "serves on")
end)

-- Recycling counts tasks; failing initializers; retries.
t.each_method(function()
  local pool <close> = prun.Pool { processes = 2, maxtasksperchild = 3 }
  local list = {}
  for i = 1, 30 do
    list[i] = i
  end
  local pids = pool:map(pid_of, list, 5)
  local count = {}
  for i = 1, 30 do
    count[pids[i]] = (count[pids[i]] or 0) + 1
  end
  local most, workers = 0, 0
  for _, n in pairs(count) do
    most, workers = math.max(most, n), workers + 1
  end
  t.ok(most == 3 and workers >= 10, "no worker does more than its tasks",
    most, workers)
end)

t.each_method(function()
  local pool <close> = prun.Pool { processes = 2, initializer = function(x)
    error("cannot start " .. x)
  end, initargs = { "here" } }
  local r = pool:apply_async(math.abs, { 1 })
  local ok, err = pcall(r.get, r, 5)
  t.is({ ok, err.kind }, { false, "InitializerError" }, "initializer fails")
  t.ok(tostring(err):find("cannot start here") ~= nil, "and says why", err)
  local err2 = t.raises(function()
    pool:apply(math.abs, { 1 })
  end, "InitializerError", "and so does each call after it")
  t.is(err2.kind, "InitializerError", "its kind")
end)

t.each_method(function()
  local name = os.tmpname()
  local pool <close> = prun.Pool { processes = 1, initializer = function(x)
    _G.given = x
  end, initargs = { "hello" } }
  t.is(pool:apply(function()
    return _G.given -- luacheck: ignore
  end), "hello", "initargs reach the initializer")
  t.is(pool:apply(function(path)
    local f <close> = io.open(path, "a+")
    f:write("x")
    f:seek("set")
    local n = #f:read("a")
    if n < 3 then
      error("not yet")
    end
    return n
  end, { name }, { retries = 2 }), 3, "retries of a task that fails")
  os.remove(name)
  -- More at once than the board has room for.
  local many = {}
  for i = 1, 5000 do
    many[i] = i
  end
  local results = pool:map(function(i)
    error("no " .. i)
  end, many, { retries = 1, errors = "collect" })
  local failed = 0
  for i = 1, 5000 do
    failed = failed + (tostring(results[i]):find("no " .. i, 1, true) and 1 or 0)
  end
  t.is(failed, 5000, "retries of all tasks of a map")
end)

-- Timeouts and cancelling.
t.each_method(function()
  local pool <close> = prun.Pool(2)
  for name, f in pairs {
    ["a loop of pcalls"] = function()
      while true do
        pcall(error)
      end
    end,
    ["a C function"] = function()
      return (("a"):rep(40)):find(("a?"):rep(40) .. ("a"):rep(40) .. "b")
    end,
    ["sleeping"] = function()
      os.execute("sleep 60")
    end } do
    local ok, err = pcall(pool.apply, pool, f, {}, { timeout = 0.1 })
    t.ok(not ok and err.kind == "TimeoutError", "timeout of " .. name, err)
  end
  t.is(pool:apply(math.abs, { -3 }, { timeout = 5 }), 3, "serves on")
  local blocker = pool:apply_async(function()
    require("prun").sleep(60)
  end)
  local other = pool:apply_async(function()
    require("prun").sleep(60)
  end)
  local queued = pool:apply_async(math.abs, { 1 })
  t.eventually(function()
    pool:poll()
    return pool:stats().running == 2
  end)
  t.is(queued:cancel(), true, "a queued task is taken back")
  t.raises(function()
    queued:get()
  end, "CancelledError", "its end")
  t.is(blocker:cancel(), false, "a running one is left")
  t.is(blocker:cancel(true), true, "or ended")
  t.raises(function()
    blocker:get(1)
  end, "CancelledError", "its end")
  pool:terminate()
  t.raises(function()
    other:get()
  end, "TerminatedError", "after terminate get raises at once")
end)

-- What cannot be sent, what cannot be shown.
t.each_method(function()
  local pool <close> = prun.Pool(1)
  local co = coroutine.create(print)
  local err = t.raises(function()
    pool:apply(function()
      return co
    end)
  end, "upvalue 'co' of function at .*death.lua:%d+: coroutine",
    "an upvalue that cannot be sent")
  t.is(err.kind, "EncodingError", "its kind")
  err = t.raises(function()
    pool:map(type, { 1, print, io.stdout, co })
  end, "coroutine", "an input that cannot be sent")
  t.is({ err.kind, err.index }, { "EncodingError", 4 }, "its kind and index")
  err = t.raises(function()
    pool:apply(function()
      return { a = { function() end } }
    end)
  end, '%["a"%]%[1%]: function', "a result that cannot be sent")
  t.is(err.kind, "EncodingError", "its kind")
  t.raises(function()
    pool:apply(function()
      error(setmetatable({}, { __tostring = function()
        error "no"
      end }))
    end)
  end, "cannot be shown", "an error that cannot be shown")
  t.raises(function()
    pool:apply(function()
      local function f()
        return f() + 1
      end
      return f()
    end)
  end, "stack overflow", "a stack overflow in Lua")
  t.raises(function()
    pool:apply(function()
      return ("x"):rep(-1 >> 1)
    end)
  end, "resulting string too large", "a string too large")
  t.is(pool:apply(math.abs, { -4 }), 4, "serves on")
end)

t.done()
