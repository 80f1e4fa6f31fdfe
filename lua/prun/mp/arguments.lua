-- What callers give to Pool's calls: checked, and made uniform.

local sys = require "prun.core.sys"

local M = {}

function M.misuse(call, name, message, level)
  error(string.format("bad argument %s to '%s' (%s)",
    type(name) == "number" and "#" .. name or "'" .. name .. "'", call,
    message), (level or 2) + 2)
end

function M.check_function(call, f)
  local mt = type(f) == "table" and getmetatable(f)
  if type(f) ~= "function" and not (mt and mt.__call) then
    M.misuse(call, 1, "function expected, got " .. type(f), 3)
  end
end

local OPTIONS <const> = { chunksize = true, timeout = true, retries = true,
  errors = true, progress = true, callback = true, error_callback = true,
  buffersize = true }

function M.check_whole(call, name, value, least)
  local n = type(value) == "number" and math.tointeger(value)
  if value ~= nil and (not n or n < least) then
    M.misuse(call, name, string.format(
      "a whole number from %d on expected, got %s", least, tostring(value)), 4)
  end
end

--- Who comes from Python writes a dot.
function M.check_method(self, class, name, call)
  if getmetatable(self) ~= class then
    error(string.format("'%s' is a method: call it as %s:%s(...)", call, name,
      call), 3)
  end
end

--- Seconds to wait, or nil.
function M.check_seconds(call, seconds)
  if seconds ~= nil and (type(seconds) ~= "number" or seconds ~= seconds) then
    M.misuse(call, 1, "seconds expected, got " .. tostring(seconds), 2)
  end
end

-- The options that only some calls have.
local SINGLE <const> = { chunksize = true, errors = true, progress = true,
  buffersize = true }
local LAZY <const> = { errors = true, progress = true, callback = true,
  error_callback = true }

local function has_option(call, name)
  local lacking = call:find("^apply") and SINGLE or
    call:find("^imap") and LAZY or {}
  return OPTIONS[name] and not lacking[name] and
    (name ~= "buffersize" or call:find("^imap"))
end

-- The options of a call: a table, or the chunksize.
function M.check_options(call, opts)
  local single = call:find("^apply")
  if opts == nil then
    return {}
  elseif type(opts) == "number" and not single then
    opts = { chunksize = opts }
  elseif type(opts) ~= "table" then
    M.misuse(call, 3, (single and "table" or "table or chunksize") ..
      " expected, got " .. type(opts), 3)
  end
  for name in pairs(opts) do
    if type(name) ~= "string" then
      M.misuse(call, 3, "options expected, as { timeout = 3 }, got a list", 3)
    elseif not has_option(call, name) then
      M.misuse(call, name, "no such option", 3)
    end
  end
  for _, name in ipairs { "callback", "error_callback" } do
    local f = opts[name]
    if f ~= nil and type(f) ~= "function" and
      not (getmetatable(f) or {}).__call then
      M.misuse(call, name, "function expected, got " .. type(f), 3)
    end
  end
  local progress = opts.progress
  if progress ~= nil and type(progress) ~= "boolean" and
    type(progress) ~= "function" then
    M.misuse(call, "progress", "a boolean or a function expected, got " ..
      type(progress), 3)
  end
  M.check_whole(call, "chunksize", opts.chunksize, 1)
  M.check_whole(call, "retries", opts.retries, 0)
  M.check_whole(call, "buffersize", opts.buffersize, 1)
  if opts.timeout ~= nil and (type(opts.timeout) ~= "number" or
    opts.timeout <= 0 or opts.timeout ~= opts.timeout) then
    M.misuse(call, "timeout", "seconds expected, got " ..
      tostring(opts.timeout), 3)
  end
  if opts.errors ~= nil and opts.errors ~= "raise" and
    opts.errors ~= "collect" then
    M.misuse(call, "errors", '"raise" or "collect" expected', 3)
  end
  return opts
end

--- How many values a list has: its field n, or its border.
function M.length(call, list, level)
  local n = list.n
  if n == nil then
    n = #list
    if n == 0 and next(list) ~= nil then
      M.misuse(call, 2, "a list expected, got a table whose keys are no " ..
        "numbers from 1 on", level or 3)
    end
    return n
  end
  local whole = type(n) == "number" and math.tointeger(n)
  if not whole or whole < 0 or whole > 1 << 40 then
    M.misuse(call, 2, "the field n of a list is how many values it has, got " ..
      tostring(n), level or 3)
  end
  return whole
end

-- The inputs as a list with its length; a copy when the caller may go on
-- changing its own while tasks run.
function M.to_list(call, iterable, copy)
  local mt = getmetatable(iterable)
  if type(iterable) == "function" or (mt and mt.__call) then
    local list, n = {}, 0
    local lazy = mt and mt.__name == "prun.Imap"
    while true do
      local value, second = iterable()
      if value == nil then
        return list, n
      end
      n = n + 1
      if lazy then
        value = second
      end
      list[n] = value
    end
  elseif mt and mt.__name == "prun.AsyncResult" then
    M.misuse(call, 2, "a list expected, got an AsyncResult: take its :get()",
      3)
  elseif type(iterable) ~= "table" then
    M.misuse(call, 2, "a list or an iterator function expected, got " ..
      type(iterable), 3)
  end
  local n = M.length(call, iterable, 4)
  if copy then
    return table.move(iterable, 1, n, 1, {}), n
  end
  return iterable, n
end

local POOL_OPTIONS <const> = { processes = true, initializer = true,
  initargs = true, maxtasksperchild = true, start_method = true,
  context = true, maxmemoryperchild = true, retries = true, seed = true,
  env = true, cwd = true, progress = true }

local MOST_WORKERS <const> = 1000

local function check_env(env)
  for name, value in pairs(env) do
    if type(name) ~= "string" or name == "" or name:find("[=\0]") then
      M.misuse("Pool", "env", "names of variables expected, got '" ..
        tostring(name) .. "'", 3)
    elseif value ~= false and type(value) ~= "string" and
      type(value) ~= "number" or tostring(value):find("\0", 1, true) then
      M.misuse("Pool", "env", string.format("a string without NUL, or false " ..
        "to remove it, expected for %s, got %s", name, type(value)), 3)
    end
  end
end

function M.check_pool_options(opts)
  for name in pairs(opts) do
    if not POOL_OPTIONS[name] then
      M.misuse("Pool", tostring(name), "no such option", 2)
    end
  end
  M.check_whole("Pool", "processes", opts.processes, 1)
  M.check_whole("Pool", "maxtasksperchild", opts.maxtasksperchild, 1)
  M.check_whole("Pool", "maxmemoryperchild", opts.maxmemoryperchild, 1)
  M.check_whole("Pool", "retries", opts.retries, 0)
  if opts.seed ~= nil and math.type(opts.seed) ~= "integer" then
    M.misuse("Pool", "seed", "an integer expected", 2)
  end
  for name, kind in pairs { initializer = "function", initargs = "table",
    env = "table", cwd = "string" } do
    if opts[name] ~= nil and type(opts[name]) ~= kind then
      M.misuse("Pool", name, kind .. " expected, got " .. type(opts[name]), 2)
    end
  end
  if opts.processes and opts.processes > MOST_WORKERS then
    M.misuse("Pool", "processes", string.format("at most %d, got %s",
      MOST_WORKERS, tostring(opts.processes)), 2)
  end
  if opts.env then
    check_env(opts.env)
  end
  if opts.cwd and sys.kind(opts.cwd) ~= "directory" then
    M.misuse("Pool", "cwd", "no folder: " .. opts.cwd, 2)
  end
  if opts.context ~= nil and
    (getmetatable(opts.context) or {}).__name ~= "prun.Context" then
    M.misuse("Pool", "context", "what get_context returns expected, got " ..
      type(opts.context), 2)
  end
end

return M
