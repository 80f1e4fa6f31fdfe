-- Inputs in step (--link, :::+, ::::+): one list of the values that stand at
-- the same place in each.

local Link = {}
Link.__index = Link

--- Links inputs.
-- @param inputs list of inputs (see prun.run.source)
-- @param wrap boolean: shorter ones begin again (--link); else the shortest one
--   ends all (:::+)
-- @return an input
local function new(inputs, wrap)
  local self = setmetatable({ inputs = inputs, wrap = wrap, values = {},
    ended = {}, row = {}, count = 0 }, Link)
  for i = 1, #inputs do
    self.values[i] = {}
  end
  return self
end

-- The next value of input i into the row; false and why when it must wait.
function Link:fill(i)
  local value, why, message = self.inputs[i]:next()
  if value == nil and why == "end" then
    self.ended[i] = true
    -- An input without any counts as one empty value.
    if self.count == 0 then
      value = ""
    else
      return true
    end
  elseif value == nil and why == "bad" then
    self.bad = self.bad or message
    value = ""
  elseif value == nil then
    return false, why, message
  end
  self.row[i] = value
  if self.wrap then
    table.insert(self.values[i], value)
  end
  return true
end

local function flat(row)
  local list, n = {}, 0
  for _, value in ipairs(row) do
    if type(value) == "table" then
      table.move(value, 1, value.n, n + 1, list)
      n = n + value.n
    else
      n = n + 1
      list[n] = value
    end
  end
  list.n = n
  return list
end

function Link:next()
  local all, any = true, false
  for i = 1, #self.inputs do
    if self.row[i] == nil and not self.ended[i] then
      local ok, why, message = self:fill(i)
      if not ok then
        return nil, why, message
      end
    end
    if self.row[i] == nil then
      any = true
    else
      all = false
    end
  end
  if all or (any and not self.wrap) then
    return nil, "end"
  end
  local row, bad = self.row, self.bad
  self.row, self.bad = {}, nil
  for i = 1, #self.inputs do
    local values = self.values[i]
    row[i] = row[i] or values[self.count % #values + 1]
  end
  self.count = self.count + 1
  if bad then
    return nil, "bad", bad
  end
  return flat(row)
end

return { new = new, flat = flat }
