-- What the tests of pools share: TAP, and each test once per start method.
-- Use: local t = dofile(os.getenv "top_srcdir" .. "/tests/mp/tap.lua")

local prun = require "prun"

local t = { count = 0, failed = 0, method = "" }

-- Lines that must be the same whatever the start method is.
local lines = {}

function t.ok(good, name, ...)
  t.count = t.count + 1
  local line = string.format("%d - %s%s", t.count, t.method, name)
  if good then
    print("ok " .. line)
    return
  end
  t.failed = t.failed + 1
  print("not ok " .. line)
  for _, text in ipairs { ... } do
    print("# " .. tostring(text):gsub("\n", "\n# "))
  end
end

local function show(value)
  if type(value) ~= "table" then
    return math.type(value) == "float" and string.format("%a", value) or
      type(value) == "string" and string.format("%q", value) or
      tostring(value)
  end
  local keys, parts = {}, {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b)
    return tostring(a) < tostring(b)
  end)
  for _, key in ipairs(keys) do
    parts[#parts + 1] = show(key) .. "=" .. show(value[key])
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

t.show = show

function t.is(got, expected, name)
  local a, b = show(got), show(expected)
  t.ok(a == b, name, "expected " .. b, "got      " .. a)
  t.line(name .. ": " .. a)
end

--- A line for the comparison of the start methods.
function t.line(text)
  if t.log then
    t.log[#t.log + 1] = text
  end
end

--- f must raise; its error is returned.
function t.raises(f, pattern, name)
  local ok, err = pcall(f)
  local text = tostring(err)
  t.ok(not ok and text:find(pattern) ~= nil, name,
    "expected an error with " .. pattern, ok and "got none" or "got " .. text)
  return err
end

--- Calls f(method) once per start method; what the tests saw must be the same.
function t.each_method(f)
  local methods = prun.get_all_start_methods()
  for _, method in ipairs(methods) do
    prun.set_start_method(method, { force = true })
    t.method = "[" .. method .. "] "
    t.log = {}
    lines[method] = t.log
    local ok, err = xpcall(f, debug.traceback, method)
    if not ok then
      t.ok(false, "runs to its end", err)
    end
  end
  t.method, t.log = "", nil
  local first = table.concat(lines[methods[1]], "\n")
  for i = 2, #methods do
    t.ok(table.concat(lines[methods[i]], "\n") == first,
      "the same under " .. methods[1] .. " and " .. methods[i])
  end
end

--- Waits until f() is true, so many seconds at most.
function t.eventually(f, seconds)
  local limit = prun.time() + (seconds or 5)
  while not f() do
    if prun.time() > limit then
      return false
    end
    prun.sleep(0.01)
  end
  return true
end

--- Whether the process lives (and is no zombie).
function t.alive(pid)
  local f = io.open("/proc/" .. pid .. "/stat")
  if not f then
    return false
  end
  local state = f:read("a"):match("%) (%a)")
  f:close()
  return state ~= "Z" and state ~= "X"
end

--- Whether the program is built with a sanitizer, so that its memory says
-- nothing.
function t.sanitized()
  local f <close> = assert(io.open("/proc/self/exe", "rb"))
  return f:read("a"):find("__asan_init", 1, true) ~= nil
end

function t.done()
  print("1.." .. t.count)
  os.exit(t.failed == 0 and 0 or 1)
end

return t
