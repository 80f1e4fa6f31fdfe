-- Lua expressions in commands: {= EXPR =}, {=n EXPR =}, --rpl, --filter.

local M = {}

local format, match = string.format, string.match

-- What an expression says besides its value.
local said = { skip = false, raw = false }

-- The scheduler of the run.
local scheduler

--- Expressions are about the jobs of this scheduler.
function M.run(of)
  scheduler = of
end

--- How many jobs run at a time.
function M.slots()
  return scheduler and scheduler.most or 1
end

local function stripped(path)
  return match(path, "^(.-)/*$")
end

-- In sight of expressions, besides Lua's own.
local helpers = {
  skip = function()
    said.skip = true
  end,
  uq = function()
    said.raw = true
  end,
  total_jobs = function()
    return scheduler and scheduler.total_jobs or
      error("total_jobs(): it is not known", 2)
  end,
  basename = function(path)
    return match(stripped(path), "[^/]*$")
  end,
  dirname = function(path)
    return match(stripped(path), "^(.*)/[^/]*$") or "."
  end,
  stem = function(path)
    local name = match(stripped(path), "[^/]*$")
    return match(name, "^(.+)%.[^.]*$") or name
  end,
  ext = function(path)
    return match(stripped(path), "[^/]%.([^./]*)$") or ""
  end,
  trim = function(text)
    return match(text, "^%s*(.-)%s*$")
  end,
  split = function(text, separator)
    local parts = {}
    for part in (text .. separator):gmatch("(.-)" ..
      separator:gsub("%p", "%%%0")) do
      parts[#parts + 1] = part
    end
    return parts
  end,
  pad = function(value, width)
    return format("%0" .. width .. "d", value)
  end,
  sprintf = format,
}

local environment = setmetatable({}, { __index = function(_, name)
  local helper = helpers[name]
  if helper ~= nil then
    return helper
  end
  return _G[name]
end })

local PARAMETERS <const> = "it, seq, slot, args, _1, _2, _3, _4, _5, _6, " ..
  "_7, _8, _9"

local function fault(text, message)
  return format("{= %s =}: %s", text, message)
end

-- Compiled as an expression or, when it is none, as statements that change it.
local function compile(text)
  local name = "=(expression)"
  local code = format("local %s = ... return %s\n", PARAMETERS, text)
  local chunk = load(code, name, "t", environment)
  if chunk then
    return chunk
  end
  local err
  code = format("local %s = ... do %s\nend return it", PARAMETERS, text)
  chunk, err = load(code, name, "t", environment)
  if not chunk then
    return nil, fault(text, (err:gsub("^%(expression%):%d+: ", "")))
  end
  return chunk
end

-- Calls a chunk. What it raises names the expression and the input.
local function call(chunk, text, it, seq, slot, args, ...)
  said.skip, said.raw = false, false
  local ok, value = pcall(chunk, it, seq, slot, args, ...)
  if not ok then
    error({ fault(text, format("%s (the input is '%s')",
      tostring(value):gsub("^%(expression%):%d+: ", ""), tostring(it))) }, 0)
  end
  return value
end

-- No value, or a boolean, leaves the input as it is.
local function text_of(value, it)
  if value == nil or type(value) == "boolean" then
    return it
  elseif math.type(value) == "float" and value == math.floor(value) and
    math.abs(value) < 2^53 then
    return format("%d", value)
  end
  return tostring(value)
end

--- Makes the specification of a replacement string (see prun.run.template).
-- @param text string, Lua: an expression, or statements that change `it`
-- @param index integer or nil: of the value that it is about
-- @param groups list of strings or nil: what $$1 ... are
-- @return specification; or nil and a message
function M.spec(text, index, groups)
  text = text:gsub("%$%$(%d)", "_%1")
  local chunk, err = compile(text)
  if not chunk then
    return nil, err
  end
  groups = groups or {}
  local spec = { index = index, fallible = true,
    total = text:find("total_jobs", 1, true) ~= nil }
  function spec.each(it, seq, slot, args)
    local value = call(chunk, text, it, seq, slot, args,
      table.unpack(groups, 1, 9))
    return text_of(value, it), said.raw
  end
  if text:find("skip", 1, true) then
    function spec.skip(args, seq)
      local first, last = 1, args.n
      if index then
        first = index < 0 and args.n + 1 + index or index
        last = first
      end
      for i = first, math.min(last, args.n) do
        call(chunk, text, args[i], seq, 0, args, table.unpack(groups, 1, 9))
        if said.skip then
          return true
        end
      end
      return false
    end
  end
  spec.raw = text:find("uq", 1, true) ~= nil
  return spec
end

-- The place where the text of an expression's Lua ends: `close` outside of
-- strings would be best, but users expect the first one.
local function body(text, pos, open, close)
  if text:sub(pos, pos + #open - 1) ~= open then
    return nil
  end
  local first, last = text:find(close, pos + #open, true)
  if not first then
    return nil
  end
  return text:sub(pos + #open, first - 1), last - pos + 1
end

--- A matcher (see prun.run.template) of {= =}, and of the names that a header
-- gave in {=name EXPR =}.
-- @param open, close strings: "{=" and "=}"
-- @param names table, name -> index; or nil
function M.matcher(open, close, names)
  local known = {}
  return function(text, pos)
    local found, length = body(text, pos, open, close)
    if not found then
      return nil
    end
    local spec = known[found]
    if not spec then
      local index, rest = match(found, "^(%-?%d+)%s+(.*)$")
      if not index then
        local name, more = match(found, "^(%S+)%s+(.*)$")
        if name and names and names[name] then
          index, rest = names[name], more
        end
      end
      local err
      spec, err = M.spec(match(rest or found, "^%s*(.-)%s*;?%s*$"),
        index and math.tointeger(tonumber(index)))
      if not spec then
        error({ err }, 0)
      end
      known[found] = spec
    end
    return length, spec
  end
end


--- Compiles --filter: an expression with replacement strings, which stand for
-- values: numbers where they look like one, else strings.
-- @param text string
-- @param matcher function, see prun.run.template
-- @return function(args) -> boolean; or nil and a message
function M.filter(text, matcher)
  local code, specs, pos = {}, {}, 1
  local quote
  while pos <= #text do
    local c = text:sub(pos, pos)
    local length, spec = matcher(text, pos)
    if length and quote then
      return nil, format("--filter '%s': a replacement string stands for a " ..
        "value: write it without quotes", text)
    elseif length then
      specs[#specs + 1] = spec
      code[#code + 1] = format(" value(%d, args) ", #specs)
      pos = pos + length
    else
      if c == quote then
        quote = nil
      elseif not quote and (c == "'" or c == '"') then
        quote = c
      elseif c == "\\" and quote then
        code[#code + 1] = c
        pos = pos + 1
        c = text:sub(pos, pos)
      end
      code[#code + 1] = c
      pos = pos + 1
    end
  end
  local function value(n, args)
    local spec = specs[n]
    local index = spec.index or 1
    local it = args[index < 0 and args.n + 1 + index or index] or ""
    if spec.single then
      return spec.single(0, 0)
    elseif not spec.index and args.n > 1 then
      it = table.concat(args, " ", 1, args.n)
    end
    it = spec.each and spec.each(it, 0, 0, args) or it
    return tonumber(it) or it
  end
  local source = "local value, it, args = ... return " .. table.concat(code) ..
    "\n"
  local chunk, err = load(source, "=(filter)", "t", environment)
  if not chunk then
    return nil, format("--filter '%s': %s", text,
      err:gsub("^%(filter%):%d+: ", ""))
  end
  return function(args)
    local ok, result = pcall(chunk, value, args[1], args)
    if not ok then
      return nil, format("--filter '%s': %s (the input is '%s')", text,
        type(result) == "table" and result[1] or
        tostring(result):gsub("^%(filter%):%d+: ", ""),
        table.concat(args, " ", 1, args.n))
    end
    return result
  end
end



return M
