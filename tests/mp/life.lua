-- A pool's life: what it prints, how it grows, is stopped, dropped, refused.

local prun = require "prun"
local sys = require "prun.core.sys"
local t = dofile(os.getenv "top_srcdir" .. "/tests/mp/tap.lua")

local function count(command)
  local p <close> = io.popen(command)
  return p:read("n")
end

local function descriptors()
  return count("ls /proc/" .. sys.pid() .. "/fd | wc -l")
end

local function mappings()
  return count("wc -l </proc/" .. sys.pid() .. "/maps")
end

local function children()
  return count("ps -o pid= --ppid " .. sys.pid() .. " | wc -l")
end

-- Pools made and closed leave nothing: descriptors, mappings, children.
t.each_method(function()
  local function round(n)
    for i = 1, n do
      local pool = prun.Pool(2)
      pool:map(math.abs, { -1, -2, -3 })
      if i % 2 == 0 then
        pool:terminate()
      else
        pool:close()
        pool:join()
      end
    end
    prun.Pool(1):apply(math.abs, { 1 })
    for _ = 1, 3 do
      collectgarbage()
    end
  end
  round(4)
  local before = { descriptors(), mappings(), children() }
  round(50)
  -- The allocator may have one more, or neighbours may have grown together; what
  -- pools leave would be fifty.
  local more = mappings() - before[2]
  more = math.abs(more) < 10 and 0 or more
  t.is({ descriptors() - before[1], t.sanitized() and 0 or more,
    children() - before[3] }, { 0, 0, 0 },
    "50 pools leave descriptors, mappings and children as they were")
end)

-- A dropped pool is collected, and its workers with it.
t.each_method(function()
  local pid
  do
    local pool = prun.Pool(1)
    pid = pool:pids()[1]
    pool:apply_async(prun.sleep, { 100 })
  end
  for _ = 1, 3 do
    collectgarbage()
  end
  t.ok(t.eventually(function()
    return not t.alive(pid)
  end), "a pool that nobody refers to is ended")
end)

t.each_method(function()
  local pool <close> = prun.Pool(2)
  pool:resize(4)
  t.is(#pool:pids(), 4, "resize: more")
  t.is(pool:map(math.abs, { -1, -2, -3 }, 1), { 1, 2, 3, n = 3 }, "it works")
  local slow = pool:apply_async(function()
    require("prun").sleep(0.1)
    return "slow"
  end)
  pool:resize(1)
  t.is(slow:get(), "slow", "a task that runs is not hurt")
  t.ok(t.eventually(function()
    pool:poll()
    return #pool:pids() == 1
  end), "resize: fewer")
  t.is(pool:map(math.abs, { -1, -2, -3 }, 1), { 1, 2, 3, n = 3 }, "it works")
  local stats = pool:stats()
  t.is({ stats.tasks, stats.queued, stats.running, stats.lost,
    #stats.workers, math.type(stats.workers[1].tasks),
    math.type(stats.workers[1].busy), stats.bytes_out > 0,
    stats.bytes_in > 0 }, { 7, 0, 0, 0, 1, "integer", "float", true, true },
    "stats")
  t.raises(function()
    pool:resize(1000)
  end, "places for 64 workers", "resize: too many")
end)

-- A worker that stops itself is continued; one that does so again is ended.
t.each_method(function()
  local pool <close> = prun.Pool(1)
  t.is(pool:apply(function()
    os.execute("kill -STOP " .. require("prun.core.sys").pid())
    return "went on"
  end), "went on", "a worker that was stopped goes on")
  local err = t.raises(function()
    pool:apply(function()
      local pid = require("prun.core.sys").pid()
      os.execute("(while kill -STOP " .. pid .. "; do sleep 0.01; done) " ..
        "2>/dev/null &")
      while true do
        require("prun").sleep(0.1)
      end
    end)
  end, "WorkerLostError", "one that is stopped again and again is ended")
  t.ok(err.message:find("stopped"), "and the message says so", err)
end)

-- Who is who.
t.each_method(function(method)
  local pool <close> = prun.Pool(1)
  t.is({ prun.current_process().name, prun.current_process().pid == sys.pid(),
    prun.parent_process() }, { "MainProcess", true }, "the main process")
  t.is(prun.active_children()[1].pid == pool:pids()[1], true, "active_children")
  local name, pid, parent = pool:apply(function()
    local me = require("prun").current_process()
    return me.name, me.pid, require("prun").parent_process().pid
  end)
  t.ok(name:lower() == method .. "poolworker-1", "a worker's name", name)
  t.is({ pid == pool:pids()[1], parent == sys.pid() }, { true, true },
    "a worker's pid and parent")
end)
t.is(#prun.active_children(), 0, "no children are left")

-- Memory, callbacks that fail, progress.
t.each_method(function()
  local most = t.sanitized() and 1 << 40 or 30 << 20
  local pool <close> = prun.Pool { processes = 1, maxmemoryperchild = most }
  local function grow(mib)
    Kept = ("x"):rep(mib << 20) -- luacheck: ignore
    return require("prun.core.sys").pid()
  end
  local first = pool:apply(grow, { 1 })
  t.is(pool:apply(grow, { 1 }) == first, true, "a small worker is kept")
  t.is(pool:apply(grow, { 60 }) == first, true, "one that grows ends its task")
  t.is(pool:apply(grow, { 1 }) == first, t.sanitized(), "and is replaced")
  local seen = {}
  pool:map(math.abs, { 1, 2, 3, 4 }, { chunksize = 1,
    progress = function(done, total)
      seen[#seen + 1] = done .. "/" .. total
    end })
  t.is(seen[#seen], "4/4", "progress is told")
end)

-- The loop goes on while a pool works, and it works while the loop waits.
t.each_method(function()
  local pool <close> = prun.Pool(2)
  local ended = 0
  for i = 1, 100 do
    pool:apply_async(math.abs, { i }, { callback = function()
      ended = ended + 1
    end })
  end
  t.ok(t.eventually(function()
    return ended == 100
  end), "callbacks run while the master sleeps")
  local parts = {}
  for job in prun.jobs { command = "echo {}", inputs = { 1, 2, 3 } } do
    parts[#parts + 1] = job.stdout
  end
  t.is(#parts, 3, "commands run beside a pool")
  -- What both sides send at once may be long.
  local long = ("x"):rep(20 << 20)
  local r = pool:map(function(s)
    return s .. "y"
  end, { long, long, long }, 1)
  t.is({ #r[1], #r[3] }, { #long + 1, #long + 1 }, "20 MiB both ways at once")
end)

-- The fork server is killed: it is started anew.
prun.set_start_method("forkserver", { force = true })
do
  local pool <close> = prun.Pool(2)
  local r = pool:apply_async(prun.sleep, { 100 })
  t.eventually(function()
    return pool:stats().running == 1
  end)
  os.execute("pkill -KILL -P " .. sys.pid() .. " -f forkserver")
  local ok, err = pcall(r.get, r, 5)
  t.is({ ok, err.kind }, { false, "WorkerLostError" },
    "the fork server killed: a running task is lost")
  t.is(pool:map(math.abs, { -1, -2 }, 1), { 1, 2, n = 2 },
    "and the pool serves on")
  os.execute("pkill -INT -P " .. sys.pid() .. " -f forkserver")
  local again <close> = prun.Pool(1)
  t.is(again:apply(math.abs, { -7 }), 7, "it survives SIGINT")
end

-- Modules of the preload list are there before workers are.
do
  local dir = os.tmpname()
  os.remove(dir)
  os.execute("mkdir " .. dir)
  local f = io.open(dir .. "/prun_test_module.lua", "w")
  f:write("return { loaded_by = require('prun.core.sys').pid() }\n")
  f:close()
  os.execute("pkill -KILL -P " .. sys.pid() .. " -f forkserver")
  prun.sleep(0.05)
  package.path = dir .. "/?.lua;" .. package.path
  prun.set_forkserver_preload { "prun_test_module" }
  local pool <close> = prun.Pool(2)
  local function loader()
    return require("prun_test_module").loaded_by
  end
  local one, two = pool:apply(loader), pool:apply(loader)
  t.ok(one == two and one ~= sys.pid(), "a preloaded module is the server's")
  os.execute("rm -r " .. dir)
end

-- Long tasks that come one by one: no worker sleeps while one waits.
t.each_method(function()
  local idle = 0
  for _ = 1, 60 do
    local pool <close> = prun.Pool(3)
    for _ = 1, 6 do
      pool:apply_async(prun.sleep, { 100 })
    end
    if not t.eventually(function()
      return pool:stats().running == 3
    end) then
      idle = idle + 1
      break
    end
  end
  t.is(idle, 0, "as many tasks run as there are workers")
end)

t.done()
