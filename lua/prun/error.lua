-- Errors that prun raises at run time: tables with a kind and a message.

local Error = {}
Error.__index = Error
Error.__name = "prun.Error"

function Error:__tostring()
  local text = string.format("%s: %s", self.kind, self.message)
  if self.traceback then
    text = text .. "\n" .. self.traceback
  end
  return text
end

--- Makes an error object.
-- @param kind string, as "TimeoutExpired"
-- @param message string
-- @param fields table of further fields, or nil
-- @return the object, to be raised by error()
local function new(kind, message, fields)
  local self = fields or {}
  self.kind, self.message = kind, message
  return setmetatable(self, Error)
end

--- The same error for the input of that index.
local function copy(err, index)
  local fields = {}
  for name, value in pairs(err) do
    fields[name] = value
  end
  fields.index = index
  return new(fields.kind, fields.message, fields)
end

return { new = new, copy = copy, Error = Error }
