-- What callers give to Pool's calls: checked, and made uniform.

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

-- The options of a call: a table, or the chunksize.
function M.check_options(call, opts)
  if opts == nil then
    return {}
  elseif type(opts) == "number" then
    opts = { chunksize = opts }
  elseif type(opts) ~= "table" then
    M.misuse(call, 3, "table or chunksize expected, got " .. type(opts), 3)
  end
  for name in pairs(opts) do
    if not OPTIONS[name] then
      M.misuse(call, name, "no such option", 3)
    end
  end
  M.check_whole(call, "chunksize", opts.chunksize, 1)
  M.check_whole(call, "retries", opts.retries, 0)
  M.check_whole(call, "buffersize", opts.buffersize, 1)
  if opts.timeout ~= nil and (type(opts.timeout) ~= "number" or
    opts.timeout <= 0) then
    M.misuse(call, "timeout", "seconds expected, got " ..
      tostring(opts.timeout), 3)
  end
  if opts.errors ~= nil and opts.errors ~= "raise" and
    opts.errors ~= "collect" then
    M.misuse(call, "errors", '"raise" or "collect" expected', 3)
  end
  return opts
end

-- The inputs as a list with its length; a copy when the caller may go on
-- changing its own while tasks run.
function M.to_list(call, iterable, copy)
  if type(iterable) == "function" then
    local list, n = {}, 0
    for value in iterable do
      n = n + 1
      list[n] = value
    end
    return list, n
  elseif type(iterable) ~= "table" then
    M.misuse(call, 2, "a list or an iterator function expected, got " ..
      type(iterable), 3)
  end
  local n = iterable.n or #iterable
  if copy then
    return table.move(iterable, 1, n, 1, {}), n
  end
  return iterable, n
end

local POOL_OPTIONS <const> = { processes = true, initializer = true,
  initargs = true, maxtasksperchild = true, start_method = true,
  context = true, maxmemoryperchild = true, retries = true, seed = true,
  env = true, cwd = true, progress = true }

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
end

return M
