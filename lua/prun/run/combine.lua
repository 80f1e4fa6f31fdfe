-- A source's rarer ways: several values a job, products of inputs, reading ahead
-- for a total.

-- The values of one job take no more bytes than this, so that a shell's text,
-- one argument with some quotes, can hold them.
local MAX_GROUP <const> = 110000

--- Puts the methods into the class.
return function(Source)

-- A group goes to its job; one with a value that cannot be used fails.
local function whole_group(args)
  if args.bad then
    return nil, "bad", args.bad
  end
  return args
end

local function bytes_of(list)
  local bytes = 0
  for i = 1, list.n do
    bytes = bytes + #list[i] + 1
  end
  return bytes
end

-- So many lists of values a job, or fewer where a command would get too long;
-- those taken so far are kept over a wait.
function Source:group()
  local args = self.partial or { n = 0, lists = 0, bytes = 0 }
  self.partial = nil
  while args.lists < self.max_args do
    local more, why, message = self.carry, nil, nil
    self.carry = nil
    if not more then
      more, why, message = self:one()
    end
    if not more and why == "bad" then
      -- Its place in the group stays its own.
      args.bad = args.bad or message
      more = { n = 0 }
    elseif not more then
      if why == "end" and args.lists > 0 then
        return whole_group(args)
      end
      self.partial = args
      return nil, why, message
    end
    args.bytes = args.bytes + bytes_of(more)
    if args.bytes > MAX_GROUP and args.lists > 0 then
      self.carry = more
      return whole_group(args)
    end
    table.move(more, 1, more.n, args.n + 1, args)
    args.n = args.n + more.n
    args.lists = args.lists + 1
  end
  return whole_group(args)
end

-- Reads all of the inputs but the first, which may be endless.
function Source:collect()
  self.columns = self.columns or {}
  for i = 2, #self.inputs do
    local column = self.columns[i] or {}
    self.columns[i] = column
    while not column.complete do
      local value, why, message = self:value(self.inputs[i])
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
  for i = #self.inputs, 2, -1 do
    places[i] = places[i] + 1
    if places[i] <= #self.columns[i] then
      return true
    end
    places[i] = 1
  end
  return false
end

-- The next value of the first input; an input without any counts as one empty
-- value, as GNU parallel has it.
function Source:first_value()
  local value, why, message = self:value(self.inputs[1])
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
    for i = 2, #self.inputs do
      self.places[i] = 1
    end
  end
  if not self.head then
    return nil, "bad", self.bad
  end
  local args = { self.head, n = #self.inputs }
  for i = 2, args.n do
    args[i] = self.columns[i][self.places[i]]
  end
  return args
end

-- More than this is not read ahead for the sake of a total.
local MAX_AHEAD <const> = 1000000

--- Reads ahead what can be read now, so that the total becomes known.
-- @return how many jobs are ahead, and whether these are all
function Source:read_ahead()
  while not self.all_read and #self.ready < MAX_AHEAD do
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
