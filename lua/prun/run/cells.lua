-- What is made of an input's values before they are combined: the end that -E
-- names, lines that go on, columns (--colsep, --csv), --trim.
--
-- Each stage is an input too: `next` returns a value, or a list of values with
-- field n, or nil and why (see prun.run.source).

local M = {}

-- A stage over another: `step(value)` returns what becomes of a value, or nil
-- and "end" or "bad" with a message; or nothing: the next value is wanted too.
local Stage = {}
Stage.__index = Stage

function Stage:next()
  while true do
    local value, why, message = self.input:next()
    if value == nil and not (why == "end" and self.rest) then
      return nil, why, message
    end
    local result
    if value == nil then
      result, why, message = self:rest()
      if result == nil and why == nil then
        return nil, "end"
      end
    else
      result, why, message = self:step(value)
    end
    if result ~= nil or why then
      return result, why, message
    end
  end
end

local function stage(input, fields)
  fields.input = input
  return setmetatable(fields, Stage)
end

-- -E: a value that ends the input.
local function until_value(input, last)
  return stage(input, { step = function(self, value)
    if self.ended or value == last then
      self.ended = true
      return nil, "end"
    end
    return value
  end })
end

-- -L: a line with a blank at its end goes on in the next one.
local function continued(input)
  return stage(input, {
    step = function(self, line)
      local whole = (self.begun or "") .. line
      self.begun = nil
      if not line:find("[ \t]$") then
        return whole
      end
      self.begun = whole
    end,
    rest = function(self)
      local whole = self.begun
      self.begun = nil
      return whole
    end })
end

local TRIM <const> = {
  n = function(text)
    return text
  end,
  l = function(text)
    return (text:gsub("^%s+", ""))
  end,
  r = function(text)
    return (text:gsub("%s+$", ""))
  end,
  lr = function(text)
    return (text:gsub("^%s+", ""):gsub("%s+$", ""))
  end,
}
TRIM.rl = TRIM.lr

--- Parses what --colsep takes.
-- @return table: `regex`, `text`; or nil and a message
function M.colsep(text)
  local regex, err = require("prun.run.regex").compile(text)
  if not regex then
    return nil, err
  end
  return { regex = regex, text = text == "\\t" and "\t" or text }
end

--- Parses what --trim takes.
function M.trim(text)
  return TRIM[text], string.format("'%s' is none of n, l, r, lr, rl", text)
end

local function each_cell(input, fn)
  return stage(input, { step = function(_, value)
    if type(value) ~= "table" then
      return fn(value)
    end
    for i = 1, value.n do
      value[i] = fn(value[i])
    end
    return value
  end })
end

-- --colsep: cells between matches of a regular expression.
local function split(input, regex)
  return stage(input, { step = function(_, line)
    local cells, n, at = {}, 0, 1
    local search = 1
    while true do
      local first, last = regex:find(line, search)
      if first and last < first then
        -- An empty match splits between two characters.
        search = first + 1
        if search > #line then
          first = nil
        else
          first, last = search, search - 1
        end
      end
      n = n + 1
      if not first then
        cells[n] = line:sub(at)
        cells.n = n
        return cells
      end
      cells[n] = line:sub(at, first - 1)
      at = last + 1
      search = at
    end
  end })
end

-- One line, or some, of CSV after RFC 4180. Returns the cells; nil: the record
-- goes on in the next line; false and a message.
local function parse_csv(text, sep)
  local cells, n, at = {}, 0, 1
  while true do
    local cell
    n = n + 1
    if text:sub(at, at) == '"' then
      local parts = {}
      at = at + 1
      while true do
        local close = text:find('"', at, true)
        if not close then
          return nil
        end
        parts[#parts + 1] = text:sub(at, close - 1)
        at = close + 1
        if text:sub(at, at) ~= '"' then
          break
        end
        parts[#parts + 1] = '"'
        at = at + 1
      end
      cell = table.concat(parts)
      if at <= #text and text:sub(at, at + #sep - 1) ~= sep then
        return false, "CSV: text behind a closing quote: " .. text:sub(at, at + 20)
      end
    else
      local stop = text:find(sep, at, true) or #text + 1
      cell = text:sub(at, stop - 1)
      at = stop
    end
    cells[n] = cell
    if at > #text then
      cells.n = n
      return cells
    end
    at = at + #sep
  end
end

local function csv(input, sep)
  return stage(input, {
    step = function(self, line)
      local text = self.begun and self.begun .. "\n" .. line or line
      self.begun = nil
      local cells, message = parse_csv((text:gsub("\r$", "")), sep)
      if cells then
        return cells
      elseif cells == false then
        return nil, "bad", message
      end
      self.begun = text
    end,
    rest = function(self)
      local text = self.begun
      self.begun = nil
      if text then
        return nil, "bad", "CSV: no closing quote: " .. text:sub(1, 40)
      end
    end })
end

--- The stages that the options ask for.
-- @param input an input
-- @param opts table: `last` (string, -E), `continued` (boolean, -L), `colsep`
--   (see M.colsep), `csv` (boolean: commas, or the text of colsep, between
--   cells), `trim` (function)
-- @return an input
function M.wrap(input, opts)
  if opts.last then
    input = until_value(input, opts.last)
  end
  if opts.continued then
    input = continued(input)
  end
  if opts.csv then
    input = csv(input, opts.colsep and opts.colsep.text or ",")
  elseif opts.colsep then
    input = split(input, opts.colsep.regex)
  end
  local trim = opts.trim or (opts.colsep and not opts.csv and TRIM.lr)
  if trim then
    input = each_cell(input, trim)
  end
  return input
end

return M
