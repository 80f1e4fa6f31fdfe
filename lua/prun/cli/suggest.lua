-- Names of options that are not exact: shortened ones, and for unknown ones
-- "did you mean".

local options = require "prun.cli.options"

local M = {}

-- Edit distance.
local function distance(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local corner = row[0]
    row[0] = i
    for j = 1, #b do
      local up = row[j]
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      row[j] = math.min(up + 1, row[j - 1] + 1, corner + cost)
      corner = up
    end
  end
  return row[#b]
end

-- A name that goes on where the typed one stops is near; so is one that begins
-- alike.
local function farness(name, known)
  local d = math.min(distance(name, known),
    distance(name, known:sub(1, #name)) + 1)
  if known:sub(1, #name) == name or name:sub(1, #known) == known then
    d = d / 2
  end
  local alike = 0
  while alike < #name and name:byte(alike + 1) == known:byte(alike + 1) do
    alike = alike + 1
  end
  return d - alike / 2
end

-- The nearest of the names (keys of a table), or nil when none is near.
local function nearest_of(name, names)
  local best, least
  for known in pairs(names) do
    local d = farness(name, known)
    if not least or d < least or (d == least and known < best) then
      best, least = known, d
    end
  end
  -- Half of the letters may differ, not more.
  return #name > 1 and least <= #name / 2 and best or nil
end

-- By name.
local function all_names()
  local names = {}
  for _, row in ipairs(options.rows()) do
    for _, name in ipairs(row.names or {}) do
      names[name] = row
    end
  end
  return names
end

--- What to say of an unknown option.
-- @param shown string, as it was typed
-- @param name string, what it may be like
-- @return nil and a message
function M.unknown(shown, name)
  local nearest = nearest_of(name, all_names())
  if not nearest then
    return nil, string.format("unknown option '%s' (see prun --help)", shown)
  end
  return nil, string.format("unknown option '%s'; the nearest is '--%s' " ..
    "(see prun --help)", shown, nearest)
end

--- The one option that the name begins.
-- @return its row; or nil and a message
function M.option(name)
  local found, names = nil, {}
  for known, row in pairs(all_names()) do
    if known:sub(1, #name) == name and row ~= found then
      found = row
      names[#names + 1] = "--" .. known
    end
  end
  if #names > 1 then
    table.sort(names)
    return nil, string.format("option '--%s' may be any of %s", name,
      table.concat(names, ", "))
  elseif #names == 1 then
    return found
  end
  return M.unknown("--" .. name, name)
end

return M
