-- The replacement strings of a command line beyond the plain ones: --plus, -I
-- and its kin, --rpl, names from --header, Lua expressions.

local expression = require "prun.run.expression"
local templates = require "prun.run.template"

local M = {}

-- Options that rename a replacement string.
local RENAMES <const> = { ["replace"] = "{}", ["extensionreplace"] = "{.}",
  ["basenamereplace"] = "{/}", ["dirnamereplace"] = "{//}",
  ["basenameextensionreplace"] = "{/.}", ["seqreplace"] = "{#}",
  ["slotreplace"] = "{%}" }

local function rename(strings, opts)
  for option, string in pairs(RENAMES) do
    if opts[option] then
      local row = strings[string]
      strings[string] = nil
      strings[opts[option]] = row
    end
  end
end

-- A --rpl whose tag has groups, which match what the user writes there.
local function dynamic(tag, text)
  local regexes = require "prun.run.regex"
  local pattern = ""
  local at = 1
  while at <= #tag do
    local group = tag:match("^%b()", at)
    if group then
      pattern = pattern .. group
      at = at + #group
    else
      pattern = pattern .. tag:sub(at, at):gsub("[%p]", "\\%0")
      at = at + 1
    end
  end
  local open = tag:sub(1, 1) == "{"
  if open then
    pattern = "{(-?[0-9]*)" .. pattern:sub(3)
    pattern = "\\" .. pattern
  end
  -- As short as possible: "}" ends it.
  local regex, err = regexes.compile("^" .. pattern:gsub("%.([*+]?)%?",
    "[^}]%1"):gsub("%(%.([*+]?)%)", "([^}]%1)"))
  if not regex then
    return nil, err
  end
  return function(command, pos)
    local found = table.pack(regex:find(command:sub(pos)))
    if not found[1] then
      return nil
    end
    local first = open and 4 or 3
    local spec, message = expression.spec(text, open and found[3] ~= "" and
      math.tointeger(tonumber(found[3])) or nil,
      table.move(found, first, found.n, 1, {}))
    if not spec then
      error({ message }, 0)
    end
    return found[2], spec
  end
end

-- The rows and matchers of --rpl.
local function add_rpl(strings, matchers, list)
  for _, rule in ipairs(list or {}) do
    local tag, text = rule:match("^(%S+)%s+(.*)$")
    if not tag then
      return nil, string.format("--rpl '%s': a replacement string, a blank " ..
        "and a Lua expression are expected", rule)
    end
    if tag:find("(", 1, true) then
      local matcher, err = dynamic(tag, text)
      if not matcher then
        return nil, "--rpl: " .. err
      end
      matchers[#matchers + 1] = matcher
    else
      local spec, err = expression.spec(text)
      if not spec then
        return nil, "--rpl: " .. err
      end
      strings[tag] = spec
    end
  end
  return true
end

-- {name}, {name.} ...: the value of the column with that name.
local function add_names(strings, names)
  local indexes, rows = {}, {}
  for i, name in ipairs(names) do
    indexes[name] = indexes[name] or i
    for string, row in pairs(strings) do
      local rest = not row.single and not row.skip and string:match("^{(.*)}$")
      if rest then
        local named = setmetatable({ index = indexes[name] },
          { __index = row })
        rows["{" .. name .. rest .. "}"] = named
      end
    end
  end
  for string, row in pairs(rows) do
    strings[string] = strings[string] or row
  end
  return indexes
end

-- "{=" and "=}", or the halves of --parens.
local function parens(opts)
  local both = opts.parens
  if not both then
    return "{=", "=}"
  end
  return both:sub(1, #both // 2), both:sub(#both // 2 + 1)
end

-- Whether the command needs any of this.
local function wanted(opts, command, names)
  if names or opts.plus or opts.rpl or opts.parens then
    return true
  end
  for option in pairs(RENAMES) do
    if opts[option] then
      return true
    end
  end
  return command:find("{=", 1, true) ~= nil
end

--- The options for prun.run.template.compile that the command line asks for.
-- @param opts the options
-- @param command string: the command and all else that has replacement strings
-- @param names list of strings, from a header; or nil
-- @return table with `strings` and `matcher`, empty when plain ones will do;
--   or nil and a message
function M.of(opts, command, names)
  if not wanted(opts, command, names) then
    return {}
  end
  local strings, matchers = {}, {}
  for string, row in pairs(templates.strings) do
    strings[string] = row
  end
  if opts.plus then
    local plus = require "prun.run.plus"
    for string, row in pairs(plus.strings) do
      strings[string] = row
    end
    matchers[#matchers + 1] = plus.matcher()
  end
  rename(strings, opts)
  local ok, err = add_rpl(strings, matchers, opts.rpl)
  if not ok then
    return nil, err
  end
  local indexes = names and add_names(strings, names)
  local open, close = parens(opts)
  table.insert(matchers, 1, expression.matcher(open, close, indexes))
  return { strings = strings, default = opts.replace,
    matcher = function(text, pos)
      for _, matcher in ipairs(matchers) do
        local length, spec = matcher(text, pos)
        if length then
          return length, spec
        end
      end
    end }
end

return M
