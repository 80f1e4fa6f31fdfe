-- Parsing a command line by the option table.

local table_of = require "prun.cli.options"

local M = {}

-- An exact name, or the one option that the name begins.
local function find_long(name)
  local exact = name ~= "" and not name:find("%s") and table_of.long(name)
  if exact then
    return exact
  end
  return require("prun.cli.suggest").option(name)
end

local function set(opts, row, shown, text)
  local value = text or true
  local parse = row.arg and require("prun.cli.values")[row.name]
  if parse then
    local err
    value, err = parse(text)
    if value == nil then
      return nil, string.format("option %s: %s", shown, err)
    end
  end
  if row.many then
    opts[row.name] = opts[row.name] or {}
    table.insert(opts[row.name], value)
  else
    opts[row.name] = value
  end
  if row.family then
    opts[row.family] = true
  end
  return true
end

-- One word "--name" or "--name=value". Returns the index of the last word used.
local function parse_long(opts, words, i)
  local name, text = words[i]:match("^%-%-([^=]*)=?(.*)$")
  local given = words[i]:find("=", 1, true)
  local row, err = find_long(name)
  if not row then
    return nil, err
  end
  local shown = "--" .. row.name
  if row.arg and not given then
    i = i + 1
    text = words[i]
    if not text then
      return nil, string.format("option %s needs a value: %s=%s", shown,
        shown, row.arg)
    end
  elseif not row.arg and given then
    return nil, string.format("option %s takes no value", shown)
  end
  local ok
  ok, err = set(opts, row, shown, row.arg and text)
  return ok and i, err or row
end

-- One word of letters "-kj4". Returns the index of the last word used.
local function parse_short(opts, words, i)
  local word, at, row = words[i], 2, nil
  while at <= #word do
    local letter = word:sub(at, at)
    row = letter:find("%S") and table_of.letter(letter)
    if not row then
      return require("prun.cli.suggest").unknown("-" .. letter, word:sub(2))
    end
    local text
    if row.arg then
      text = word:sub(at + 1)
      at = #word
      if text == "" and row.optional and row.optional.letter == letter then
        text = row.optional.default
      elseif text == "" then
        i = i + 1
        text = words[i]
      end
      if not text then
        return nil, string.format("option -%s needs a value: -%s %s", letter,
          letter, row.arg)
      end
    end
    local ok, err = set(opts, row, "-" .. letter, text)
    if not ok then
      return nil, err
    end
    at = at + 1
  end
  return i, row
end

local function check_conflicts(opts)
  for _, pair in ipairs(table_of.conflicts) do
    if opts[pair[1]] and opts[pair[2]] then
      return nil, string.format("--%s and --%s contradict each other: %s",
        pair[1], pair[2], pair[3])
    end
  end
  return true
end

-- What a word separates: "values" or "files", and whether they are linked to
-- the input before them; nil: it is an operand.
local function separator(opts, word)
  local base = word:match("^(.+)%+$") or word
  if base == (opts["arg-sep"] or ":::") then
    return "values", base ~= word
  elseif base == (opts["arg-file-sep"] or "::::") then
    return "files", base ~= word
  end
end

-- The operands up to the first value separator are the command; then inputs.
local function parse_operands(words, i, parsed)
  local opts, inputs = parsed.opts, parsed.inputs
  while words[i] and not separator(opts, words[i]) do
    parsed.command[#parsed.command + 1] = words[i]
    i = i + 1
  end
  while words[i] do
    local kind, link = separator(opts, words[i])
    if link and #inputs == 0 then
      parsed.refused = string.format("'%s' goes in step with the input " ..
        "before it, and there is none", words[i])
    end
    i = i + 1
    local values = {}
    while words[i] and not separator(opts, words[i]) do
      values[#values + 1] = words[i]
      i = i + 1
    end
    if kind == "values" then
      inputs[#inputs + 1] = { values = values, link = link }
    else
      for _, file in ipairs(values) do
        inputs[#inputs + 1] = { file = file, link = link }
      end
    end
  end
end

--- Parses the words of a command line.
-- @param words list of strings
-- @return table: `opts` (by long name), `command` (list of words), `inputs`
--   (list of {values=} or {file=}), `refused` (a message: what a run of
--   commands cannot do, though a script may have such arguments), `literal` (after "--"), `rest` (index
--   of the first word that is not an option); or nil and a message
function M.parse(words)
  local parsed = { opts = {}, command = {}, inputs = {} }
  local i = 1
  while words[i] do
    local word = words[i]
    local at, row
    if word == "--" then
      parsed.literal = true
      i = i + 1
      break
    elseif word:sub(1, 2) == "--" then
      at, row = parse_long(parsed.opts, words, i)
    elseif word:sub(1, 1) == "-" and word ~= "-" then
      at, row = parse_short(parsed.opts, words, i)
    else
      break
    end
    if not at then
      return nil, row
    end
    i = at + 1
    if row.stop then
      break
    end
  end
  local ok, err = check_conflicts(parsed.opts)
  if not ok then
    return nil, err
  end
  parsed.rest = i
  for _, file in ipairs(parsed.opts["arg-file"] or {}) do
    parsed.inputs[#parsed.inputs + 1] = { file = file }
  end
  parse_operands(words, i, parsed)
  return parsed
end

return M
