-- The options of --xargs: those of GNU xargs 4.10 and POSIX, some of our own.

local sys = require "prun.core.sys"

local M = {}

-- long name -> letter, and whether it takes a value ("optional": only after
-- "=", or in the same word).
local LONG <const> = { null = "0", ["arg-file"] = "a", delimiter = "d",
  eof = "e", replace = "i", ["max-lines"] = "l", ["max-args"] = "n",
  interactive = "p", ["no-run-if-empty"] = "r", ["max-chars"] = "s",
  verbose = "t", exit = "x", ["max-procs"] = "P", ["open-tty"] = "o",
  ["process-slot-var"] = "slot", ["show-limits"] = "limits", help = "help",
  version = "version", group = "group", ["keep-order"] = "k", tag = "tag",
  ["line-buffer"] = "lb" }

local VALUE <const> = { a = "yes", d = "yes", E = "yes", e = "optional",
  I = "yes", i = "optional", L = "yes", l = "optional", n = "yes", s = "yes",
  P = "yes", slot = "yes" }

local LETTERS <const> = "0adEeIiLlnprstxPok"

-- What the options are called in warnings.
local LINES <const>, ARGS <const>, REPLACE <const> = "--max-lines",
  "--max-args", "--replace"

local escapes = { a = "\a", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
  v = "\v", ["\\"] = "\\", ["0"] = "\0" }

local function delimiter(text)
  if #text == 1 then
    return text
  end
  local simple = text:match("^\\(.)$")
  if simple and escapes[simple] then
    return escapes[simple]
  end
  local hex, octal = text:match("^\\x(%x%x?)$"), text:match("^\\0?([0-7]+)$")
  local code = hex and tonumber(hex, 16) or octal and tonumber(octal, 8)
  if code and code < 256 then
    return string.char(code)
  end
  return nil, string.format("Invalid input delimiter specification %s: the " ..
    "delimiter must be either a single character or an escape sequence " ..
    "starting with \\.", text)
end

local function number(text, letter, least, most)
  local n = text:find("^[+-]?%d+$") and math.tointeger(tonumber(text))
  if not n then
    return nil, string.format('invalid number "%s" for -%s option', text,
      letter), true
  elseif n < least then
    return nil, string.format("value %s for -%s option should be >= %d", text,
      letter, least), true
  elseif most and n > most then
    return most, string.format("value %s for -%s option should be <= %d", text,
      letter, most)
  end
  return n
end

-- Options that exclude each other: the last one counts.
local function exclude(opts, warn, field, name, by)
  if opts[field] then
    warn(string.format("warning: options %s and %s are mutually exclusive, " ..
      "ignoring previous %s value", name, by, name))
    opts[field] = nil
  end
end

local function set_replace(opts, warn, text)
  exclude(opts, warn, "max_lines", LINES, "--replace/-I/-i")
  exclude(opts, warn, "max_args", ARGS, "--replace/-I/-i")
  opts.replace = text
  return true
end

local function set_lines(opts, warn, text, letter)
  local n, message, usage = number(text, letter, 1)
  if not n then
    return nil, message, usage
  end
  local by = letter == "L" and "-L" or "--max-lines/-l"
  exclude(opts, warn, "max_args", ARGS, by)
  exclude(opts, warn, "replace", REPLACE, by)
  opts.max_lines = n
  return true
end

local set = {}

set["0"] = function(opts)
  opts.delimiter = "\0"
  return true
end

function set.a(opts, _, text)
  opts.file = text
  return true
end

function set.d(opts, _, text)
  local c, message = delimiter(text)
  opts.delimiter = c
  return c ~= nil, message
end

function set.E(opts, _, text)
  opts.eof = text ~= "" and text or nil
  return true
end

function set.e(opts, _, text)
  opts.eof = text and text ~= "" and text or nil
  return true
end

function set.I(opts, warn, text)
  return set_replace(opts, warn, text)
end

function set.i(opts, warn, text)
  return set_replace(opts, warn, text and text ~= "" and text or "{}")
end

function set.L(opts, warn, text)
  return set_lines(opts, warn, text, "L")
end

function set.l(opts, warn, text)
  return set_lines(opts, warn, text and text ~= "" and text or "1", "l")
end

function set.n(opts, warn, text)
  local n, message, usage = number(text, "n", 1)
  if not n then
    return nil, message, usage
  end
  exclude(opts, warn, "max_lines", LINES, "--max-args/-n")
  if opts.replace and n == 1 then
    -- As POSIX has it: that is what -I does.
    return true
  end
  exclude(opts, warn, "replace", REPLACE, "--max-args/-n")
  opts.max_args = n
  return true
end

function set.s(opts, warn, text)
  local n, message, usage = number(text, "s", 1, M.most_chars())
  if not n and tonumber(text) then
    -- As GNU xargs: said, and then too little for anything.
    n = 1
  elseif not n then
    return nil, message, usage
  end
  if message then
    warn(message)
  end
  opts.max_chars = n
  return true
end

function set.P(opts, _, text)
  local n, message, usage = number(text, "P", 0)
  opts.procs = n
  return n ~= nil, message, usage
end

function set.slot(opts, _, text)
  if text:find("=", 1, true) or text == "" then
    return nil, "option --process-slot-var may not be set to a value which " ..
      "includes '='", true
  end
  opts.slot_var = text
  return true
end

for letter, name in pairs { p = "interactive", r = "no_run", t = "verbose",
  x = "exit", o = "open_tty", limits = "show_limits", help = "help",
  version = "version", group = "group", k = "keep_order", tag = "tag",
  lb = "line_buffer" } do
  set[letter] = function(opts)
    opts[name] = true
    return true
  end
end

--- The most bytes a command may have: what the kernel takes, less the
-- environment, less a bit as POSIX asks.
function M.most_chars()
  local used = 0
  for _, entry in ipairs(sys.environ()) do
    used = used + #entry + 1 + 8
  end
  return math.max(4096, sys.arg_max() - used - 2048)
end

-- A long name, which may be shortened to what is unique.
local function find_long(name)
  if LONG[name] then
    return LONG[name], name
  end
  local found, full, count
  for known, letter in pairs(LONG) do
    if known:sub(1, #name) == name then
      count = (count or 0) + 1
      found, full = letter, known
    end
  end
  if count == 1 then
    return found, full
  elseif count then
    return nil, string.format("option '--%s' is ambiguous", name)
  end
  return nil, string.format("unrecognized option '--%s'", name)
end

local function long(opts, warn, words, i)
  local name, text = words[i]:match("^%-%-([^=]*)=(.*)$")
  name = name or words[i]:sub(3)
  local letter, full = find_long(name)
  if not letter then
    return nil, full, true
  end
  if VALUE[letter] == "yes" and not text then
    i = i + 1
    text = words[i]
    if not text then
      return nil, string.format("option '--%s' requires an argument", full),
        true
    end
  elseif text and not VALUE[letter] then
    return nil, string.format("option '--%s' doesn't allow an argument", full),
      true
  end
  local ok, message, usage = set[letter](opts, warn, text)
  return ok and i, message, usage
end

local function short(opts, warn, words, i)
  local word, at = words[i], 2
  while at <= #word do
    local letter = word:sub(at, at)
    if not LETTERS:find(letter, 1, true) then
      return nil, string.format("invalid option -- '%s'", letter), true
    end
    local text
    if VALUE[letter] then
      text = word:sub(at + 1)
      at = #word
      if text == "" and VALUE[letter] == "yes" then
        i = i + 1
        text = words[i]
        if not text then
          return nil, string.format("option requires an argument -- '%s'",
            letter), true
        end
      end
    end
    local ok, message, usage = set[letter](opts, warn, text)
    if not ok then
      return nil, message, usage
    end
    at = at + 1
  end
  return i
end

--- Parses the words of a command line, from the first one on.
-- @param warn function(text)
-- @return table of options, list: the command; or nil, a message, and whether
--   to point at --help
function M.parse(words, first, warn)
  local opts, i = {}, first
  while words[i] and words[i]:find("^%-.") do
    if words[i] == "--" then
      i = i + 1
      break
    end
    local message, usage
    local parse = words[i]:find("^%-%-") and long or short
    i, message, usage = parse(opts, warn, words, i)
    if not i then
      return nil, message, usage
    end
    i = i + 1
  end
  local command = table.move(words, i, #words, 1, {})
  if opts.delimiter and opts.eof then
    warn("warning: the -E option has no effect if -0 or -d is used.\n")
  end
  return opts, #command > 0 and command or { "echo" }
end

return M
