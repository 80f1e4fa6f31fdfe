-- Quoting: turns a value into shell text that the shell reads back as exactly that value.
--
-- A *context* says where the text will stand. It is a table {kind = KIND, ...}, made by prun.run.words:
--   word            outside all quotes. Fields: `force` never bare; `brace` within a brace expansion;
--                   `reserved` a bare keyword would be syntax here; `one` several values make one word
--   double, single  inside the user's own "..." and '...'
--   ansi            inside $'...': leaves the string and enters it again with field `reopen`
--   heredoc         a here-document that is expanded. Fields: `delim`; `tabs` when it is <<-
--   raw             a here-document with a quoted delimiter. Fields: `delim`, `tabs`; `before` and `after`, the
--                   fixed text on the same line; `alone` when nothing else on that line varies;
--                   `free` when the line cannot be the last, whatever the values
--   number          arithmetic: the shell would evaluate names there, so only numbers pass
--   name            the name of a parameter: ${NAME}
--   comment         after #
--   default         the word of "${x:-WORD}" in double quotes; here_default: the same in a here-document
--   pattern         the pattern of "${x#PATTERN}" in double quotes
--   safe            not understood: only values that need no quoting anywhere pass
--
-- No value may contain a NUL byte; the caller looks (template.lua does).

local M = {}

local find, gsub, match, format = string.find, string.gsub, string.match, string.format

-- What GNU parallel leaves bare, too. Spelled out: %w would follow the locale.
local UNSAFE = "[^A-Za-z0-9_./+-]"

local RESERVED = {}
for word in ([[always case coproc do done elif else end esac fi for foreach function if in namespace nocorrect
    noglob repeat select then time until while]]):gmatch("%a+") do
  RESERVED[word] = true
end
M.reserved = RESERVED

--- Puts single quotes around s, with '"'"' for those within, as GNU parallel writes it.
local function single_quoted(s)
  s = "'" .. gsub(s, "'", [['"'"']]) .. "'"
  if find(s, "^''.") then
    s = s:sub(3)
  end
  if find(s, ".''$") then
    s = s:sub(1, -3)
  end
  return s
end

--- Quotes s as one shell word, for a place outside all quotes in any POSIX shell.
-- @param s string without NUL
-- @return string
function M.quote(s)
  if type(s) ~= "string" then
    error("bad argument #1 to 'quote' (string expected, got " .. type(s) ..
      ")", 2)
  elseif s == "" then
    return "''"
  end
  if find(s, UNSAFE) or RESERVED[s] then
    return single_quoted(s)
  end
  return s
end

--- A value as it may stand in a message: short and printable.
local function shown(value)
  if #value > 60 then
    value = value:sub(1, 57) .. "..."
  end
  return '"' .. gsub(value, "[%c\x7f]", function(c)
    return format("\\x%02x", c:byte())
  end) .. '"'
end

local makers = {}

function makers.word(ctx)
  if ctx.force then
    return function(value)
      return value == "" and "''" or single_quoted(value)
    end
  elseif ctx.brace then
    return function(value)
      if find(value, "^[A-Za-z0-9+-]+%.%.[A-Za-z0-9.+-]+$") then
        return nil, format("value %s within braces would be a sequence to some shells", shown(value))
      elseif find(value, "^-?[A-Za-z0-9]+$") and not RESERVED[value] then
        return value
      end
      return value == "" and "''" or single_quoted(value)
    end
  elseif ctx.reserved then
    return M.quote
  end
  return function(value)
    if find(value, UNSAFE) then
      return single_quoted(value)
    end
    return value == "" and "''" or value
  end
end

function makers.double()
  return function(value)
    return (gsub(value, '[\\$`"]', "\\%0"))
  end
end

function makers.single()
  return function(value)
    return (gsub(value, "'", [['"'"']]))
  end
end

function makers.ansi(ctx)
  local reopen = ctx.reopen or "$'"
  return function(value)
    return "''" .. gsub(value, "'", [['"'"']]) .. "'" .. reopen
  end
end

function makers.number()
  return function(value)
    if not find(value, "^[+-]?[0-9][A-Za-z0-9#_]*$") then
      return nil, format("value %s is not a number (it stands in an arithmetic expression)", shown(value))
    end
    -- The space keeps a sign apart from an operator before it: 3-{} with -5.
    return find(value, "^[+-]") and " " .. value or value
  end
end

function makers.name()
  return function(value)
    if not find(value, "^[A-Za-z_][A-Za-z0-9_]*$") and not find(value, "^[0-9]+$") then
      return nil, format("value %s is not a name (it stands for the name of a shell variable)", shown(value))
    end
    return value
  end
end

function makers.comment()
  return function(value)
    return (gsub(value, "[^A-Za-z0-9_./+\x80-\xff-]", "_"))
  end
end

--- A line of the value may end the here-document, or lose tabs, when it is all or part of a line there.
-- ${0+} is empty in every shell and keeps a line from being the delimiter.
function makers.heredoc(ctx)
  local delim, tabs = ctx.delim, ctx.tabs
  local function line(text)
    -- dash and ksh93 stumble over a special byte behind what could have been the delimiter.
    local plain = match(text, "^([^\\$`\x80-\xff]*)[\\$`\x80-\xff]")
    local guard = find(delim, plain or text, 1, true) or (tabs and find(text, "^\t"))
    return (guard and "${0+}" or "") .. gsub(text, "[\\$`]", "\\%0") .. "\n"
  end
  return function(value)
    return (gsub(value .. "\n", "([^\n]*)\n", line):sub(1, -2))
  end
end

--- Could this value make its line of a here-document the last one?
local function ends_document(ctx, value)
  local delim = ctx.delim
  if ctx.free then
    return false
  elseif not ctx.alone then
    return find(delim, value, 1, true) ~= nil
  end
  local line = ctx.before .. value .. ctx.after
  return (ctx.tabs and gsub(line, "^\t+", "") or line) == delim
end

function makers.raw(ctx)
  return function(value)
    if find(value, "\n", 1, true) then
      return nil, format("value %s has a newline (it stands in a here-document that is not expanded)", shown(value))
    elseif ends_document(ctx, value) then
      return nil, format("value %s would end the here-document it stands in", shown(value))
    elseif ctx.tabs and find(value, "^\t") and not find(ctx.before, "[^\t]") then
      return nil, format("value %s begins with a tab, which <<- would remove", shown(value))
    end
    return value
  end
end

--- Shells differ on quotes and ~ in these words, so such a value cannot be written for all of them.
local function word_in_braces(refused)
  return function(value)
    if find(value, refused) then
      return nil, format("value %s cannot be quoted within ${...}: use it outside", shown(value))
    end
    return (gsub(value, '[\\$`"}]', "\\%0"))
  end
end

function makers.default()
  return word_in_braces("['~]")
end

function makers.here_default()
  return word_in_braces("['\"~]")
end

function makers.pattern()
  return function(value)
    -- No inner quotes: bash would expand braces in them. Nor \ before control bytes: bash loses \1 then.
    return (gsub(value, "[^A-Za-z0-9_./+\x01-\x1f\x7f-\xff-]", "\\%0"))
  end
end

function makers.safe()
  return function(value)
    if value == "" or find(value, UNSAFE) or RESERVED[value] then
      return nil, format("value %s cannot be quoted where it stands: prun does not understand the quotes and brackets"
        .. " of this command", shown(value))
    end
    return value
  end
end

--- Makes the function that quotes values for one context.
-- @param ctx table, see above
-- @return function(value) -> text, or nil and a message when this value cannot stand there
function M.for_context(ctx)
  return makers[ctx.kind](ctx)
end

return M
