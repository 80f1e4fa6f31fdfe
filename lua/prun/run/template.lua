-- Command templates: a command with replacement strings, compiled once into functions that make a job's text for
-- the shell and, for commands that need no shell, its argument list.

local direct = require "prun.run.direct"

local M = {}

local find, gsub, match, sub, format = string.find, string.gsub, string.match, string.sub, string.format
local concat = table.concat

-- What more than plain replacement strings need; loaded for a template that may have them.
local extended

local function shelltext()
  return require "prun.run.shelltext"
end


-- How GNU parallel cuts a value; File::Basename's dirname with its corner cases.

local function without_extension(value)
  return (gsub(value, "%.[^/.]*$", ""))
end

--- Perl's s:.*/:: where the dot stops at newlines.
local function basename(value)
  local from = find(value, "[^\n]*/")
  if not from then
    return value
  end
  local _, last = find(value, "^[^\n]*/", from)
  return sub(value, 1, from - 1) .. sub(value, last + 1)
end

local function stripped(path)
  return (match(path, "^(.*[^/])/*$") or sub(path, 1, 1))
end

local function dirname(value)
  local folder, name = match(value, "^(.*/)(.*)$")
  if not folder then
    folder, name = "./", value
  end
  folder = stripped(folder)
  if name == "" then
    folder = stripped(match(folder, "^(.*/)") or "./")
  end
  return folder
end

-- The replacement strings: what stands for what. `each(value, seq, slot, args)` maps one value (absent: as it is); a
-- second value of true says that the text is not quoted, which a row with `raw` may do. `single(seq, slot)` takes the
-- job's numbers instead. A string {X} with `each` also has its forms {nX} for the n-th value. `fallible`: each may
-- raise {message}. `skip(args, seq)`: whether to leave the job out. `total`: the number of jobs must be known.
-- A later owner adds rows here (opts.strings does so for one template) or a matcher (opts.matcher).
M.strings = {
  ["{}"] = {},
  ["{.}"] = { each = without_extension },
  ["{/}"] = { each = basename },
  ["{//}"] = { each = dirname },
  ["{/.}"] = { each = function(value)
    return without_extension(basename(value))
  end },
  ["{#}"] = { single = function(seq)
    return tostring(seq)
  end },
  ["{%}"] = { single = function(_, slot)
    return tostring(slot)
  end },
}

--- Makes the function that finds the longest replacement string at a position.
-- @param strings table as M.strings
-- @param also optional function of the same kind, asked first
-- @return function(text, pos) -> length, spec; or nil
local function make_matcher(strings, also)
  local by_byte, positional = {}, {}
  for text, row in pairs(strings) do
    local byte = text:byte()
    by_byte[byte] = by_byte[byte] or {}
    table.insert(by_byte[byte], { text = text, spec = row })
    local rest = not row.single and match(text, "^{(.*)}$")
    if rest then
      positional[rest] = row
    end
  end
  for _, list in pairs(by_byte) do
    table.sort(list, function(a, b)
      return #a.text > #b.text
    end)
  end
  return function(text, pos)
    if also then
      local length, spec = also(text, pos)
      if length then
        return length, spec
      end
    end
    for _, row in ipairs(by_byte[text:byte(pos)] or {}) do
      if sub(text, pos, pos + #row.text - 1) == row.text then
        return #row.text, row.spec
      end
    end
    local number, rest = match(text, "^{(%-?%d+)([^{}\n]*)}", pos)
    local row = number and positional[rest]
    if row then
      local index = math.tointeger(tonumber(number))
      if not index or (index == 0 and number ~= "0") then
        index = math.maxinteger -- "{-0}": no value
      end
      return #number + #rest + 2, { each = row.each, index = index ~= 0 and index or nil }
    end
    return nil
  end
end

local NUL = "a value has a NUL byte, which no command can be given"

local function nth(args, count, index)
  return args[index < 0 and count + 1 + index or index]
end

--- Fills argv with a word of several pieces, as the shell would split it.
local function make_filler(word)
  return function(argv, n, args, count, seq, slot)
    local current
    local function add(text)
      current = (current or "") .. text
    end
    for _, piece in ipairs(word) do
      local spec = piece.spec
      local each = spec and spec.each
      if not spec then
        add(piece)
      elseif spec.single then
        add(spec.single(seq, slot))
      elseif spec.index then
        local value = nth(args, count, spec.index)
        if value then
          add(each and each(value, seq, slot, args) or value)
        end
      else
        for i = 1, count do
          if i > 1 and not piece.quoted then
            n = n + 1
            argv[n] = current
            current = nil
          elseif i > 1 then
            add(" ")
          end
          add(each and each(args[i], seq, slot, args) or args[i])
        end
      end
    end
    if current then
      n = n + 1
      argv[n] = current
    end
    return n
  end
end

--- Source that appends one word to argv.
local function word_source(word, i, env, context)
  local piece = word[1]
  if #word == 1 and type(piece) == "string" then
    return format("n = n + 1\nargv[n] = %q\n", piece)
  elseif #word == 1 and not piece.spec.single and not piece.spec.index and not piece.quoted then
    env["each" .. i] = piece.spec.each
    local value = piece.spec.each and format("(each%d(args[i], seq, slot, args))", i) or "args[i]"
    return format("for i = 1, count do\nargv[n + i] = %s\nend\nn = n + count\n", value)
  end
  env["fill" .. i] = context and context.repeater(word) or make_filler(word)
  return format("n = fill%d(argv, n, args, count, seq, slot)\n", i)
end

--- The function t:argv, generated from the words of a direct command.
local function compile_argv(list, context)
  local env = { find = find, NUL = NUL }
  local source = { [[
return function(_, argv, args, seq, slot)
local count = args.n or #args
for i = 1, count do
if find(args[i], "\0", 1, true) then return nil, NUL end
end
local n = 0
]] }
  for i, word in ipairs(list) do
    source[#source + 1] = word_source(word, i, env, context)
  end
  source[#source + 1] = "return n\nend"
  return assert(load(concat(source), "=template", "t", env))()
end

--- Cuts text at its replacement strings, without a look at quotes.
local function cut(text, matcher)
  local pieces, pos, begin = {}, 1, 1
  while pos <= #text do
    local length, spec = matcher(text, pos)
    if length then
      if begin < pos then
        pieces[#pieces + 1] = sub(text, begin, pos - 1)
      end
      pieces[#pieces + 1] = { spec = spec }
      pos = pos + length
      begin = pos
    else
      pos = pos + 1
    end
  end
  if begin <= #text then
    pieces[#pieces + 1] = sub(text, begin)
  end
  return pieces
end

local function tokens_of(pieces)
  local uses_values, found = false, false
  for _, piece in ipairs(pieces) do
    if type(piece) == "table" then
      found = true
      uses_values = uses_values or not piece.spec.single
    end
  end
  return found, uses_values
end

--- Makes a template; when its words need no shell, it is direct.
local function new_template(uses_values, split, opts)
  local t = { fixed_args = not uses_values, raw = false }
  t.program = split and direct.program(split, opts) or nil
  t.direct = t.program ~= nil
  t.argv = t.direct and compile_argv(split, opts.context and extended) or nil
  return t
end

local function text_template(command, matcher, opts)
  local pieces = cut(command, matcher)
  local _, uses_values = tokens_of(pieces)
  local wants = extended and extended.demands(pieces)
  local t = new_template(uses_values, not (wants and wants.raw) and direct.split(command, matcher), opts)
  if not t.direct then
    local message
    t.shell, message = shelltext().of_command(command, matcher, opts, extended)
    if not t.shell then
      return nil, message
    end
  else
    function t.shell(self, args, seq, slot)
      self.shell = assert(shelltext().of_command(command, matcher, opts, extended))
      if wants then
        self.shell = extended.guarded(self.shell)
      end
      return self:shell(args, seq, slot)
    end
  end
  return wants and extended.meet(t, wants) or t
end

--- No command: the values themselves are it, as they are.
local function raw_template()
  return { direct = false, raw = true, fixed_args = false, needs_total = false, shell = function(_, args)
    local text = concat(args, " ", 1, args.n or #args)
    if find(text, "\0", 1, true) then
      return nil, NUL
    end
    return text
  end }
end


--- Compiles a command.
-- @param command the command, its words joined by one space; nil, "" or "{}": each input is a command of its own
-- @param opts table:
--   quote_command  boolean, -q: opts.words is the list of the command's words, each becomes one argument
--   which          function(name) -> path of the program on PATH, or nil
--   is_function    function(name) -> whether it is an exported shell function
--   shell          the job's shell (its name tells whether $'...' is known)
--   strings        replacement strings instead of M.strings; matcher: see make_matcher
--   context        boolean, -X: the word around a replacement string is repeated for each value
-- @return a template, or nil and a message. Its fields and methods:
--   direct      boolean: needs no shell; then `program` is the path to execute
--   fixed_args  boolean: no replacement string uses the values
--   raw         boolean: there was no command
--   needs_total boolean: the number of jobs is used
--   t.skip(args, seq) -> boolean   whether the job is left out; nil: none is
--   t:argv(argv, args, seq, slot) -> n | nil, message     fills argv[1..n]; only when direct
--   t:shell(args, seq, slot) -> text | nil, message       for sh -c, --dry-run, the job log
-- args is a list of strings with field n; seq and slot are integers.
function M.compile(command, opts)
  opts = opts or {}
  extended = (opts.strings or opts.matcher or opts.context) and require "prun.run.extended"
  local list = opts.quote_command and opts.words
  command = command or ""
  if find(list and concat(list) or command, "\0", 1, true) then
    return nil, "the command has a NUL byte"
  elseif find(command, "^[ \t]*{}[ \t]*$") or (command == "" and not list) then
    return raw_template()
  end
  local matcher = make_matcher(opts.strings or M.strings, opts.matcher)
  if list then
    return shelltext().quoted_template(list, matcher, opts, extended)
  end
  if not tokens_of(cut(command, matcher)) and not opts.no_values then
    command = command .. " " .. (opts.default or "{}")
  end
  return text_template(command, matcher, opts)
end

M.matcher, M.cut, M.tokens_of, M.new = make_matcher, cut, tokens_of, new_template
M.NUL, M.nth = NUL, nth

return M
