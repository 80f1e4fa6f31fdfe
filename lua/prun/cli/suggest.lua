-- "Did you mean": the known name that is nearest to an unknown one.

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

--- Finds the nearest name.
-- @param name string, as it was typed
-- @param names table: the known names are its keys
-- @return one of them, or nil when none is near
return function(name, names)
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
