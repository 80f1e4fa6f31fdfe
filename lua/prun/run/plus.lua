-- The replacement strings of --plus, as GNU parallel has them.

local regexes = require "prun.run.regex"
local expression = require "prun.run.expression"

local match, sub = string.match, string.sub

-- Removes the last n extensions.
local function without(n)
  local pattern = "^(.-)" .. ("%.[^/.]*"):rep(n) .. "$"
  return function(value)
    return match(value, pattern) or value
  end
end

-- The last n extensions.
local function extensions(n)
  local pattern = "%.([^/.]*" .. ("%.[^/.]*"):rep(n - 1) .. ")$"
  return function(value)
    return match(value, pattern) or ""
  end
end

local function base(value)
  return match(value, "[^/]*$")
end

local function padded(of)
  return function(seq, slot)
    local n, most = of(seq, slot)
    return string.format("%0" .. #tostring(most) .. "d", n)
  end
end

local M = {}

local function total()
  return (expression.spec("total_jobs()").each(""))
end

M.strings = {
  ["{+/}"] = { each = function(value)
    return match(value, "^(.*)/[^/]*$") or ""
  end },
  ["{+.}"] = { each = function(value)
    return match(value, "%.([^.]*)$") or ""
  end },
  ["{+..}"] = { each = extensions(2) },
  ["{+...}"] = { each = extensions(3) },
  ["{..}"] = { each = without(2) },
  ["{...}"] = { each = without(3) },
  ["{/..}"] = { each = function(value)
    return without(2)(base(value))
  end },
  ["{/...}"] = { each = function(value)
    return without(3)(base(value))
  end },
  ["{##}"] = { total = true, single = total },
  ["{0%}"] = { single = padded(function(_, slot)
    return slot, expression.slots()
  end) },
  ["{0#}"] = { total = true, single = padded(function(seq)
    return seq, (total())
  end) },
  ["{slot}"] = { single = function(_, slot)
    return tostring(slot)
  end },
  ["{host}"] = { single = function()
    return ":"
  end },
  ["{sshlogin}"] = { single = function()
    return ":"
  end },
  ["{hgrp}"] = { single = function()
    return ""
  end },
  ["{agrp}"] = { single = function()
    return ""
  end },
  -- Each combination once: the values rise.
  ["{choose_k}"] = { skip = function(args)
    for i = 2, args.n do
      if args[i - 1] >= args[i] then
        return true
      end
    end
    return false
  end },
  ["{uniq}"] = { skip = function(args)
    local seen = {}
    for i = 1, args.n do
      if seen[args[i]] then
        return true
      end
      seen[args[i]] = true
    end
    return false
  end },
}

-- Those with a part that the user writes.

local function compiled(text)
  local regex, err = regexes.compile(text)
  if not regex then
    error({ err }, 0)
  end
  return regex
end

-- $1 ... in what stands instead of a match.
local function filled(replacement, captures)
  return (replacement:gsub("%$(%d)", function(digit)
    return captures[tonumber(digit) + 2] or ""
  end))
end

-- Calls change(matched, captures) for the first match, or all.
local function substitute(regex, value, all, change)
  local out, at = {}, 1
  while at <= #value + 1 do
    local found = table.pack(regex:find(value, at))
    local first, last = found[1], found[2]
    if not first then
      break
    end
    out[#out + 1] = sub(value, at, first - 1)
    out[#out + 1] = change(sub(value, first, last), found)
    if last < first then
      out[#out + 1] = sub(value, first, first)
      at = first + 1
    else
      at = last + 1
    end
    if not all then
      break
    end
  end
  out[#out + 1] = sub(value, at)
  return table.concat(out)
end

local function replace(text, replacement, all)
  local regex = compiled(text)
  return function(value)
    return substitute(regex, value, all, function(_, captures)
      return filled(replacement, captures)
    end)
  end
end

local function change_case(text, all, change)
  local regex = compiled((all and "" or "^") .. "(" .. text .. ")")
  return function(value)
    return substitute(regex, value, all, change)
  end
end

-- Removes the shortest beginning, or end, that the whole of text matches.
local function shortest(text, at_end)
  local regex = compiled("^(" .. text .. ")$")
  return function(value)
    for n = 0, #value do
      local part = at_end and sub(value, #value - n + 1) or sub(value, 1, n)
      if regex:find(part) then
        return at_end and sub(value, 1, #value - n) or sub(value, n + 1)
      end
    end
    return value
  end
end

-- Pattern of what is between the braces, behind an index -> each.
local dynamic = {
  { "^:(%d+):(%d+)$", function(from, n)
    return function(value)
      return sub(value, from + 1, from + n)
    end
  end },
  { "^:(%d+)$", function(from)
    return function(value)
      return sub(value, from + 1)
    end
  end },
  { "^:%-(.+)$", function(default)
    return function(value)
      -- As Perl has it, "0" is nothing either.
      return (value == "" or value == "0") and default or value
    end
  end },
  { "^##([^#].*)$", function(text)
    return replace("^(" .. text .. ")", "", false)
  end },
  { "^#([^#].*)$", function(text)
    return shortest(text, false)
  end },
  { "^%%%%(.+)$", function(text)
    return replace("(" .. text .. ")$", "", false)
  end },
  { "^%%([^%%].*)$", function(text)
    return shortest(text, true)
  end },
  { "^//(.-)/(.*)$", function(text, replacement)
    return replace(text, replacement, true)
  end },
  { "^/#(.-)/(.*)$", function(text, replacement)
    return replace("^" .. text, replacement, false)
  end },
  { "^/%%(.-)/(.*)$", function(text, replacement)
    return replace(text .. "$", replacement, false)
  end },
  { "^/([^#%%/].-)/(.*)$", function(text, replacement)
    return replace(text, replacement, false)
  end },
  { "^/([^#%%/])/(.*)$", function(text, replacement)
    return replace(text, replacement, false)
  end },
  { "^%^%^(.+)$", function(text)
    return change_case(text, true, string.upper)
  end },
  { "^%^(.+)$", function(text)
    return change_case(text, false, string.upper)
  end },
  { "^,,(.+)$", function(text)
    return change_case(text, true, string.lower)
  end },
  { "^,(.+)$", function(text)
    return change_case(text, false, string.lower)
  end },
}

--- A matcher of these (see prun.run.template).
function M.matcher()
  local known = {}
  return function(text, pos)
    local found = match(text, "^{([^{}\n]+)}", pos)
    if not found then
      return nil
    end
    local spec = known[found]
    if spec == nil then
      spec = false
      local index, rest = match(found, "^(%-?%d+)(.+)$")
      for _, row in ipairs(dynamic) do
        local a, b = match(rest or found, row[1])
        if a then
          spec = { each = row[2](a, b),
            index = index and math.tointeger(tonumber(index)) }
          break
        end
      end
      known[found] = spec
    end
    if spec then
      return #found + 2, spec
    end
  end
end

return M
