-- Values and functions come across as they were: by value, by name, by type.

local prun = require "prun"
local t = dofile(os.getenv "top_srcdir" .. "/tests/mp/tap.lua")

local function id(...)
  return ...
end

Answer = 42 -- luacheck: ignore
function Global_function(x) -- luacheck: ignore
  return x + Answer -- luacheck: ignore
end
Broken = coroutine.create(print) -- luacheck: ignore

local Point = {}
Point.__index = Point
function Point:__add(other)
  return setmetatable({ x = self.x + other.x }, Point)
end
function Point:norm()
  return math.abs(self.x)
end
prun.register("test.Point", Point)

local Handle = {}
Handle.__index = Handle
function Handle:__prun_dump()
  return { self.name, 3 }
end
prun.register("test.Handle", Handle, function(plain)
  return setmetatable({ name = plain[1] .. plain[2] }, Handle)
end)

t.each_method(function()
  local pool <close> = prun.Pool(2)
  for _, value in ipairs { 0, -1, 127, 128, -128, -129, 65535, -32768, 1 << 31,
    -1 << 31, math.maxinteger, math.mininteger, 0.5, -0.0, 1.0, 2^53, 1e308,
    math.huge, -math.huge, "", "x", ("y"):rep(63), ("y"):rep(64), "\0\n\xff",
    ("z"):rep(100000), true, false } do
    t.is(pool:apply(id, { value }), value, "a scalar comes back as it was")
  end
  local nan = pool:apply(id, { 0 / 0 })
  t.ok(nan ~= nan, "nan")
  t.is(1 / pool:apply(id, { -0.0 }), -math.huge, "-0.0")
  t.is(pool:apply(id, { { 1, 2, nil, 4, x = { y = {} }, [2.5] = true,
    [-1] = "a", [true] = 1 } }), { 1, 2, nil, 4, x = { y = {} }, [2.5] = true,
    [-1] = "a", [true] = 1 }, "a table")
  local cycle = { name = "c" }
  cycle.me = cycle
  local back = pool:apply(id, { { a = cycle, b = cycle } })
  t.ok(back.a == back.b and back.a.me == back.a, "identity and cycles")
  local deep = {}
  for _ = 1, 200000 do
    deep = { deep }
  end
  back = pool:apply(id, { deep })
  local depth = 0
  while back[1] do
    back, depth = back[1], depth + 1
  end
  t.is(depth, 200000, "deep nesting")

  -- Functions.
  local n, fact = 0
  function fact(k)
    return k <= 1 and 1 or k * fact(k - 1)
  end
  t.is(pool:apply(fact, { 10 }), 3628800, "a recursive local function")
  local function even(k)
    return k == 0 or fact == nil or not pool and false or k ~= 1 and even
  end
  t.raises(function()
    pool:apply(even, { 2 })
  end, "upvalue 'pool' of function", "a pool cannot be sent")
  local function inc()
    n = n + 1
    return n
  end
  local function get()
    return n
  end
  t.is({ pool:apply(function()
    inc()
    inc()
    return get()
  end) }, { 2 }, "functions share an upvalue")
  t.is(n, 0, "here it is as it was")
  t.is(pool:apply(function(x)
    return Global_function(x) -- luacheck: ignore
  end, { 1 }), 43, "global functions and variables")
  t.raises(function()
    pool:apply(function()
      return Broken -- luacheck: ignore
    end)
  end, "global 'Broken' could not be sent to the worker: coroutine",
    "a global that cannot be sent")
  t.is(pool:apply(function(f)
    return f("%d", 5), string, prun ~= nil
  end, { string.format }), "5", "functions and modules by name")
  t.is(pool:map(function(f)
    return f(4)
  end, { math.sqrt, function(x)
    return x + 1
  end, fact }), { 2.0, 5, 24, n = 3 }, "functions as inputs")
  t.is(pool:apply(function()
    return #arg, package.path:sub(1, 1) ~= ""
  end), #arg, "arg is there")

  -- Types.
  local p = pool:apply(function(a, b)
    return a + b
  end, { setmetatable({ x = -1 }, Point), setmetatable({ x = -2 }, Point) })
  t.is({ getmetatable(p) == Point, p:norm() }, { true, 3 },
    "a registered type keeps its metatable")
  local h = pool:apply(id, { setmetatable({ name = "h" }, Handle) })
  t.is({ getmetatable(h) == Handle, h.name }, { true, "h33" },
    "__prun_dump and load, there and back")
  local Other = { __index = { f = function() end } }
  t.raises(function()
    pool:apply(id, { setmetatable({}, Other) })
  end, "prun.register%(name, metatable%) lets it go by name",
    "a metatable with functions in an answer")
  t.is(getmetatable(pool:apply(id, { setmetatable({}, { __mode = "k" }) })),
    { __mode = "k" }, "a plain metatable travels with its table")
  local trap = setmetatable({ 1 }, { __pairs = 1, __len = 2, __name = 3,
    __metatable = 4 })
  t.is(pool:apply(function(x)
    return rawlen(x)
  end, { trap }), 1, "no metamethod runs")

  -- Printing.
  local ok, err = pcall(pool.apply, pool, function()
    error { code = 7 }
  end)
  t.is({ ok, err.kind, err.value, err.index }, { false, "RemoteError",
    { code = 7 }, err.index }, "the value of an error")
  ok, err = pcall(pool.apply, pool, function()
    local x = nil
    return x.y
  end)
  t.ok(not ok and err.traceback:find("values.lua:%d+: in function"),
    "the remote traceback", err)
end)

-- Random numbers: different in each worker, or as the seed says.
t.each_method(function()
  local function number()
    return math.random(1 << 40)
  end
  local a <close> = prun.Pool(2)
  local b <close> = prun.Pool(2)
  t.ok(a:apply(number) ~= b:apply(number), "different without a seed")
  local lists = {}
  for _, workers in ipairs { 1, 2, 3 } do
    local pool <close> = prun.Pool { processes = workers, seed = 99 }
    lists[#lists + 1] = pool:map(number, { 1, 2, 3, 4, 5, 6, 7, 8 }, workers)
  end
  t.is(lists[2], lists[1], "a seed: the same with two workers")
  t.is(lists[3], lists[1], "and with three")
  t.ok(lists[1][1] ~= lists[1][2], "and each task has its own")
end)

-- env, cwd; modules beside the script are found from there, too.
t.each_method(function()
  local beside <close> = prun.Pool { processes = 1, cwd = "/" }
  t.ok(pcall(beside.apply, beside, function()
    local path = assert(package.searchpath("tap", package.path))
    return path
  end), "a module beside the script is found from another folder")
  local pool <close> = prun.Pool { processes = 1, cwd = "/",
    env = { PRUN_TEST_X = "y" } }
  t.is({ pool:apply(function()
    local p <close> = io.popen("pwd; echo $PRUN_TEST_X")
    return p:read("a")
  end) }, { "/\ny\n" }, "cwd and env")
  t.is(pool:apply(function()
    return io.read("a")
  end), "", "standard input is empty")
end)

-- What the master cannot read fails its task alone.
t.each_method(function()
  local mt = { __prun_dump = function(self)
    return self.v
  end }
  local master = prun.current_process().pid
  package.loaded["test.box"] = {}
  prun.register("test.bad", mt, function(v)
    if v == "bad" and prun.current_process().pid == master then
      error("load fails", 0)
    elseif v == "call" and prun.current_process().pid == master then
      package.loaded["test.box"].pool:apply(math.abs, { 1 })
    end
    return setmetatable({ v = v }, mt)
  end)
  local pool <close> = prun.Pool(1)
  package.loaded["test.box"].pool = pool
  local function echo(x, n)
    return x, ("x"):rep(n or 0)
  end
  local function kind_of(v, n)
    local ok, err = pcall(pool.apply, pool, echo, { setmetatable({ v = v },
      mt), n })
    return ok or err.kind .. ": " .. err.message:match("[^:]*$")
  end
  t.is(kind_of "bad", "DecodingError: load fails", "an answer that cannot be read")
  t.is(kind_of("bad", 9000000), "DecodingError: load fails", "a long one")
  t.ok(tostring(kind_of "call"):find("a load function cannot call it"),
    "a load function that calls the pool", kind_of "call")
  t.is(kind_of "good", true, "the pool serves on")
  local list = {}
  for i = 1, 20 do
    list[i] = setmetatable({ v = i % 3 == 0 and "bad" or "good" }, mt)
  end
  local results = pool:map(echo, list, { errors = "collect" })
  local bad = 0
  for i = 1, 20 do
    bad = bad + (results[i].kind == "DecodingError" and i % 3 == 0 and 1 or 0)
  end
  t.is(bad, 6, "collected")
  local _, err = pcall(pool.apply, pool, function()
    return _G
  end)
  t.is(err.kind, "EncodingError", "the globals are no answer")
end)

-- Functions that change from one map to the next, large ones, few tasks.
t.each_method(function()
  local big = {}
  for i = 1, 10000 do
    big[i] = i
  end
  local wrong = 0
  for _ = 1, 25 do
    local pool <close> = prun.Pool(4)
    pool:map(function()
      return big and "old"
    end, { 1, 2, 3, 4 })
    local results = pool:map(function(x)
      return x + 1
    end, { 1, 2, 3, 4, 5, 6, 7, 8 })
    for i = 1, 8 do
      wrong = wrong + (results[i] == i + 1 and 0 or 1)
    end
  end
  t.is(wrong, 0, "each task has its own function")
end)

-- Pools in tasks.
t.each_method(function()
  local pool <close> = prun.Pool(1)
  t.is(pool:apply(function(x)
    local p <close> = require("prun").Pool(2)
    return table.concat(p:map(function(y)
      return y * 2
    end, x), ",")
  end, { { 1, 2, 3 } }), "2,4,6", "a pool made in a task")
  local function nest(depth)
    local inner <close> = require("prun").Pool(1)
    return inner:apply(nest, { depth + 1 })
  end
  local ok, err = pcall(pool.apply, pool, nest, { 1 })
  t.ok(not ok and tostring(err):find("RecursionError"), "ten deep at most",
    err)
end)

t.done()
