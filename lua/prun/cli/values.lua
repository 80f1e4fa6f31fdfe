-- The values of options: text -> value, or nil and a message.

-- Parses by a function of a module that is loaded only then.
local function by(module, name)
  return function(text)
    return require(module)[name](text)
  end
end

-- Values.

local function whole(least)
  return function(text)
    local n = text:find("^%d+$") and math.tointeger(tonumber(text))
    if not n or n < least then
      return nil, string.format("'%s' is no whole number from %d on", text,
        least)
    end
    return n
  end
end

local escapes = { n = "\n", t = "\t", r = "\r", f = "\f", v = "\v", a = "\a",
  b = "\b", e = "\27", ["\\"] = "\\" }

-- C's escapes, as GNU parallel and xargs take them in -d.
local function unescape(text)
  text = text:gsub("\\(x%x%x?)", function(hex)
    return string.char(tonumber(hex:sub(2), 16))
  end)
  text = text:gsub("\\([0-7][0-7]?[0-7]?)", function(octal)
    return string.char(tonumber(octal, 8) & 255)
  end)
  text = text:gsub("\\(.)", escapes)
  if text == "" then
    return nil, "the delimiter is empty; for NUL use -0"
  end
  return text
end

-- --recend and --recstart may be empty.
local function bytes(text)
  return text == "" and "" or unescape(text)
end

local function block(text)
  local n = text:match("^%-(%d+)$")
  if n then
    return -math.max(1, math.tointeger(tonumber(n)))
  end
  local size, err = require("prun.run.gate").size(text)
  return size and math.max(1, math.floor(size)), err
end

-- How often a job is run at the most; 0 is no limit, as GNU parallel has it.
local function times(text)
  local n, err = whole(0)(text)
  return n == 0 and math.huge or n, err
end

local function one_of(...)
  local words = { ... }
  return function(text)
    for _, word in ipairs(words) do
      if word == text then
        return text
      end
    end
    return nil, string.format("'%s' is none of %s", text,
      table.concat(words, ", "))
  end
end

local function some(text)
  return text ~= "" and text or nil, "it is empty"
end

local function header(text)
  if text == ":" or text == ".*\\n" then
    return text
  end
  local lines = text:match("^%d+$") or text:match("^%(%.%*\\n%){(%d+)}$")
  if lines then
    return math.tointeger(tonumber(lines))
  end
  return nil, string.format("'%s' is not ':' (the first value of each input)",
    text)
end

local function niceness(text)
  local n = text:find("^[+-]?%d+$") and math.tointeger(tonumber(text))
  if not n or n < -20 or n > 19 then
    return nil, string.format("'%s' is no niceness: -20 to 19", text)
  end
  return n
end

local function variable(text)
  if text == "" or text:find("=", 1, true) then
    return nil, string.format("'%s' is no name of a variable", text)
  end
  return text
end

--- By the option's name; one that is not here takes any text.
return {
  delimiter = unescape,
  recend = bytes,
  recstart = bytes,
  block = block,
  colsep = by("prun.run.cells", "colsep"),
  header = header,
  trim = by("prun.run.cells", "trim"),
  ["arg-sep"] = some,
  ["arg-file-sep"] = some,
  ["total-jobs"] = whole(1),
  ["max-args"] = whole(1),
  ["max-replace-args"] = whole(0),
  ["max-lines"] = whole(1),
  ["max-chars"] = whole(2),
  parens = some,
  replace = some,
  extensionreplace = some,
  basenamereplace = some,
  dirnamereplace = some,
  basenameextensionreplace = some,
  seqreplace = some,
  slotreplace = some,
  jobs = by("prun.run.limits", "jobs"),
  retries = times,
  ["retry-delay"] = by("prun.run.limits", "duration"),
  delay = by("prun.run.limits", "duration"),
  load = by("prun.run.gate", "max_load"),
  memfree = by("prun.run.gate", "size"),
  nice = niceness,
  ["process-slot-var"] = variable,
  exit = one_of("count", "any", "max", "first"),
  timeout = by("prun.run.limits", "duration"),
  ["term-seq"] = by("prun.run.termseq", "parse"),
  halt = by("prun.run.halt", "parse"),
  ["resume-by"] = one_of("number", "content"),
}
