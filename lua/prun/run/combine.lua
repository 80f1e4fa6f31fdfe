-- A source's rarer ways: several inputs, in step or as a product; headers; jobs
-- left out or shuffled; reading ahead for a total.

local loop = require "prun.core.loop"
local links = require "prun.run.link"

--- Puts the methods into the class.
return function(Source)

-- Reads all of the inputs but the first, which may be endless.
function Source:collect()
  self.read = self.read or {}
  for i = 2, #self.columns do
    local column = self.read[i] or {}
    self.read[i] = column
    while not column.complete do
      local value, why, message = self:value(self.columns[i])
      if value then
        column[#column + 1] = value
      elseif why == "end" then
        column.complete = true
        column[1] = column[1] or ""
      else
        return nil, why == "bad" and "error" or why, message
      end
    end
  end
  self.collected = true
  return true
end

-- Counts the columns' places up like digits; false when all came round.
function Source:count_up()
  local places = self.places
  for i = #self.columns, 2, -1 do
    places[i] = places[i] + 1
    if places[i] <= #self.read[i] then
      return true
    end
    places[i] = 1
  end
  return false
end

-- The next value of the first input; an input without any counts as one empty
-- value, as GNU parallel has it.
function Source:first_value()
  local value, why, message = self:value(self.columns[1])
  if why == "end" and not self.begun then
    value = ""
  end
  self.begun = self.begun or why ~= "wait"
  return value, why, message
end

function Source:product()
  if not self.collected then
    local ok, why, message = self:collect()
    if not ok then
      return nil, why, message
    end
  end
  if not self.places or not self:count_up() then
    local value, why, message = self:first_value()
    if not value and why ~= "bad" then
      return nil, why, message
    end
    self.head, self.bad, self.places = value, message, {}
    for i = 2, #self.columns do
      self.places[i] = 1
    end
  end
  if not self.head then
    return nil, "bad", self.bad
  end
  local args = { self.head, n = #self.columns }
  for i = 2, args.n do
    args[i] = self.read[i][self.places[i]]
  end
  if self.linked or self.tuples then
    return links.flat(args)
  end
  return args
end

--- Inputs that go in step become one.
-- @param specs list, as of open
-- @param all boolean: all of them, shorter ones beginning again
function Source:link(specs, all)
  local columns = {}
  local i = 1
  while i <= #specs do
    local members = { self.columns[i] }
    while specs[i + 1] and (all or specs[i + 1].link) do
      i = i + 1
      members[#members + 1] = self.columns[i]
    end
    columns[#columns + 1] = #members > 1 and links.new(members, all) or
      members[1]
    i = i + 1
  end
  self.columns, self.linked = columns, true
end

--- Reads the first value of each input: the names of its values. Waits for it.
function Source:read_header()
  self.names = {}
  for _, column in ipairs(self.columns) do
    local value, why = column:next()
    while value == nil and why == "wait" do
      local woken = false
      self:watch(function()
        woken = true
      end)
      while not woken do
        loop.turn()
      end
      value, why = column:next()
    end
    for _, name in ipairs(type(value) == "table" and value or { value }) do
      self.names[#self.names + 1] = name
    end
  end
end

-- Those that a filter lets pass.
function Source:filtered()
  while true do
    local args, why, message = self:unfiltered()
    if not args then
      return nil, why, message
    end
    local ok, err = self.filter(args)
    if err then
      return nil, "bad", err
    elseif ok then
      return args
    end
  end
end

-- -N0: a value makes a job and is not used.
function Source:dropped()
  local args, why, message = self:undropped()
  return args and { n = 0 }, why, message
end

-- All jobs, in a random order.
function Source:shuffled()
  local all = self.all or {}
  self.all = all
  while not self.shuffle_done do
    local args, why, message = self:unshuffled()
    if not args and (why == "wait" or why == "error") then
      return nil, why, message
    elseif not args and why == "end" then
      self.shuffle_done = true
      for i = #all, 2, -1 do
        local k = math.random(i)
        all[i], all[k] = all[k], all[i]
      end
    else
      all[#all + 1] = { args, why, message }
    end
  end
  local item = table.remove(all)
  if not item then
    return nil, "end"
  end
  return item[1], item[2], item[3]
end

-- More than this is not read ahead for the sake of a total.
local MAX_AHEAD <const> = 1000000

--- Reads ahead what can be read now, so that the total becomes known.
-- @param all boolean: as much as there is
-- @return how many jobs are ahead, and whether these are all
function Source:read_ahead(all)
  while not self.all_read and (all or #self.ready < MAX_AHEAD) do
    local args, why, message = self:produce()
    if why == "wait" then
      break
    elseif why == "end" or why == "error" then
      self.all_read = true
    end
    if why ~= "end" then
      self.ready[#self.ready + 1] = { args, why, message }
    end
  end
  return #self.ready - self.first + 1, self.all_read or false
end

end
