-- Regular expressions as users of GNU parallel write them: Perl's escapes, put
-- into the system's extended ones.

local core = require "prun.core.regex"

local M = {}

local CLASSES <const> = { d = "0-9", w = "[:alnum:]_", s = "[:space:]" }
local BYTES <const> = { t = "\t", n = "\n", r = "\r", f = "\f", v = "\v",
  a = "\a", e = "\27" }

-- An escape as text: of a class as what stands in a bracket.
-- Returns the text, whether it is a class, whether that is negated, and the
-- next position.
local function escape(text, at)
  local c = text:sub(at, at)
  if CLASSES[c] then
    return CLASSES[c], true, false, at + 1
  elseif CLASSES[c:lower()] then
    return CLASSES[c:lower()], true, true, at + 1
  elseif BYTES[c] then
    return BYTES[c], false, false, at + 1
  end
  local hex = text:match("^x(%x%x?)", at)
  if hex then
    return string.char(tonumber(hex, 16)), false, false, at + 1 + #hex
  end
  return c, false, false, at + 1
end

local function bracket(text, at, out)
  local start, first = at, true
  out[#out + 1] = "["
  at = at + 1
  if text:sub(at, at) == "^" then
    out[#out + 1] = "^"
    at = at + 1
  end
  while at <= #text do
    local c = text:sub(at, at)
    local class = text:match("^%[[:.=].-[:.=]%]", at)
    if c == "]" and not first then
      out[#out + 1] = "]"
      return at + 1
    elseif class then
      out[#out + 1] = class
      at = at + #class
    elseif c == "\\" then
      local bytes, is_class, negated
      bytes, is_class, negated, at = escape(text, at + 1)
      if negated and is_class then
        return nil, "a negated class within [ ] is not supported"
      end
      out[#out + 1] = bytes
    else
      out[#out + 1] = c
      at = at + 1
    end
    first = false
  end
  return nil, "no ] for the [ at " .. start
end

-- In a bracket, bytes that are special there stand at its places.
local function literal(bytes)
  if bytes:find("^[%^%.%[%$%(%)%|%*%+%?%{%\\%]%}]$") then
    return "\\" .. bytes
  end
  return bytes
end

--- Puts Perl's escapes into an extended regular expression.
-- @return text; or nil and what is not supported
function M.translate(text)
  local out, at = {}, 1
  while at <= #text do
    local c = text:sub(at, at)
    if c == "[" then
      local err
      at, err = bracket(text, at, out)
      if not at then
        return nil, err
      end
    elseif c == "\\" and text:find("^[bB<>]", at + 1) then
      out[#out + 1] = text:sub(at, at + 1)
      at = at + 2
    elseif c == "\\" and at < #text then
      local bytes, is_class, negated
      bytes, is_class, negated, at = escape(text, at + 1)
      out[#out + 1] = is_class and (negated and "[^" or "[") .. bytes .. "]"
        or literal(bytes)
    elseif text:find("^[*+?}]%?", at) then
      return nil, "'" .. text:sub(at, at + 1) ..
        "', a match as short as possible, is not supported"
    elseif text:find("^%(%?:", at) then
      out[#out + 1] = "("
      at = at + 3
    elseif text:find("^%(%?", at) then
      return nil, "'" .. text:sub(at, at + 2) .. "' is not supported"
    else
      out[#out + 1] = c
      at = at + 1
    end
  end
  return table.concat(out)
end

--- Compiles a regular expression.
-- @param text string
-- @return a regex (see prun.core.regex); or nil and a message
function M.compile(text)
  local translated, err = M.translate(text)
  local regex
  if translated then
    regex, err = core.compile(translated)
  end
  if not regex then
    return nil, string.format("'%s' is no regular expression: %s", text, err)
  end
  return regex
end

return M
