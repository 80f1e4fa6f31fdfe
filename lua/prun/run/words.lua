-- Shell words: reads a command as a shell would, to know the quotes around each replacement string.
--
-- scan() walks any command and gives each replacement string its context (see quote.lua); when a command is not
-- understood, every context is "safe". split() reads only commands that need no shell, for direct execution.

local expansion = require "prun.run.expansion"
require "prun.run.document"

local M = {}

local find, match = string.find, string.match
local Scan = expansion.Scan

local function set(text)
  local words = {}
  for word in text:gmatch("%S+") do
    words[word] = true
  end
  return words
end

local BEFORE_COMMAND = set "if then else elif while until do { ! time coproc always"
local AFTER_COMMAND = set "fi done }"
local HEADER = set "for select foreach repeat"
local ARITHMETIC = set "-eq -ne -lt -le -gt -ge"
-- These evaluate the subscript in an argument such as a[...].
local TAKES_NAMES = set [=[declare typeset local export readonly unset read let printf test [ getopts mapfile
  readarray wait integer float]=]
local NAME = "^[A-Za-z_][A-Za-z0-9_]*"

-- What one list of commands is at: `first` the next word may be a command's name or a keyword; `simple` the name
-- has been read, so keywords are plain words; `target` the next word belongs to a redirection; `list` an array or
-- pattern in ( ); `subscript` where that of name[...]= ends; `test` the words of [[ ]] so far; `cases` the open case
-- commands.

function Scan:new_word()
  self.word = { text = "", plain = true, begun = false, brace = false, tokens = {} }
end

--- @param closer ")" or nil for the end of the text
-- @param list true within ( ) that hold words and no commands
function Scan:commands(closer, list)
  local st = { first = not list, list = list, cases = {} }
  self:new_word()
  while self.pos <= self.stop do
    local c = self:char()
    if c == ")" then
      self:end_word(st)
    end
    local case = st.cases[#st.cases]
    if c == closer and not st.test and not (case and case.state == "pattern") then
      self:take(1)
      self.unsure = self.unsure or case ~= nil
      return true
    end
    self:command_char(st, c)
  end
  self:end_word(st)
  self.unsure = self.unsure or closer ~= nil or st.test ~= nil or #st.cases > 0
  return true
end

local function ends_command(st)
  st.first, st.simple, st.command, st.target = not st.list, false, nil, false
end

local on = {}

function Scan:command_char(st, c)
  if self:replacement(st) then
    return
  elseif on[c] then
    on[c](self, st, c)
  else
    self:plain_char(c)
  end
end

function Scan:plain_char(c)
  local word = self.word
  word.text = word.text .. c
  word.begun = true
  self:take(1)
end

local function is_assignment(text)
  return find(text, NAME .. "%+?=") or find(text, NAME .. "%[.*%]%+?=")
end

--- A replacement string outside quotes.
function Scan:replacement(st)
  local word = self.word
  if not self:at_token() then
    return false
  elseif st.subscript and self.pos < st.subscript then
    self:token("number")
  else
    local one = is_assignment(word.text) and (st.first or TAKES_NAMES[st.command])
    self:token({ kind = "word", brace = word.brace, reserved = not st.simple, one = one and true })
  end
  word.begun, word.plain = true, false
  return true
end

local function force(word)
  for _, token in ipairs(word.tokens) do
    token.ctx.force = true
  end
end

local function only_numbers(word)
  for _, token in ipairs(word and word.tokens or {}) do
    token.ctx = { kind = "number" }
  end
end

function Scan:end_word(st)
  local word = self.word
  if word.begun then
    self:new_word()
    if not st.simple and (#word.tokens > 1 or word.text ~= "") and find(word.text, "^%a*$") then
      force(word) -- a keyword could come out of parts
    end
    self:close_word(st, word)
  end
end

function Scan:close_word(st, word)
  local text = word.plain and word.text
  local case = st.cases[#st.cases]
  if st.target then
    st.target = false
  elseif st.test then
    self:test_word(st, word)
  elseif case and case.state ~= "body" then
    self:case_word(st, case, text)
  elseif st.naming then
    st.naming, st.first = nil, true
  elseif st.first then
    self:first_word(st, word, text)
  elseif st.command == "let" then
    only_numbers(word)
  end
end

function Scan:case_word(st, case, text)
  if case.state == "word" then
    case.state = "in"
  elseif case.state == "in" then
    self.unsure = self.unsure or text ~= "in"
    case.state = "pattern"
  elseif text == "esac" then
    st.cases[#st.cases] = nil
  end
end

function Scan:first_word(st, word, text)
  if text and BEFORE_COMMAND[text] or is_assignment(word.text) then
    return
  end
  st.first = false
  if text == "case" then
    st.cases[#st.cases + 1] = { state = "word" }
  elseif text == "esac" then
    self.unsure = self.unsure or #st.cases == 0
    st.cases[#st.cases] = nil
  elseif text == "function" then
    st.naming = true
  elseif text == "[[" then
    st.test = {}
  elseif not (text and (HEADER[text] or AFTER_COMMAND[text])) then
    st.simple, st.command = true, text
  end
end

--- [[ ... ]]: operands of arithmetic comparisons are evaluated by the shell; so is the name after -v.
function Scan.test_word(_, st, word)
  local words = st.test
  words[#words + 1] = word
  if not (word.plain and word.text == "]]") then
    return
  end
  st.test = nil
  for i, w in ipairs(words) do
    if w.plain and ARITHMETIC[w.text] then
      only_numbers(words[i - 1])
      only_numbers(words[i + 1])
    elseif w.plain and (w.text == "-v" or w.text == "-R") then
      for _, token in ipairs(words[i + 1] and words[i + 1].tokens or {}) do
        token.ctx = { kind = "name" }
      end
    end
  end
end

on[" "] = function(self, st)
  self:end_word(st)
  self:take(1)
end
on["\t"] = on[" "]

on["\n"] = function(self, st)
  self:end_word(st)
  self:take(1)
  if not st.test then
    ends_command(st)
  end
  self:read_documents()
end

on[";"] = function(self, st)
  local case = st.cases[#st.cases]
  local ender = case and (match(self.text, "^;;&?", self.pos) or match(self.text, "^;[&|]", self.pos))
  self:end_word(st)
  ends_command(st)
  self:take(ender and #ender or 1)
  if ender then
    case.state = "pattern"
  end
end

on["&"] = function(self, st)
  if not st.test and self:char(1) == ">" then
    return self:redirection(st)
  end
  on["|"](self, st)
end

on["|"] = function(self, st)
  self:end_word(st)
  self:take(1)
  if not st.test then
    ends_command(st)
  end
end

on["("] = function(self, st)
  local word, case = self.word, st.cases[#st.cases]
  local begun = word.begun
  if st.test then
    self:end_word(st)
    self:take(1)
  elseif not begun and case and case.state == "pattern" then
    self:take(1)
  elseif not begun and not st.list and self:char(1) == "(" and self:try_arithmetic(2) then
    st.first, st.simple = false, false
  else
    self:parenthesis(st, word)
  end
end

--- A subshell, f(), an array, or a pattern such as @(a|b).
function Scan:parenthesis(st, word)
  local defines = word.begun and find(self.text, "^%([ \t]*%)", self.pos)
  force(word)
  if defines then
    self:end_word(st)
  end
  local within = word.begun and not defines
  self:take(1)
  self:emit(self:char() == "(" and " " or "") -- no (( that is not arithmetic: ksh93 guesses
  self:deeper("commands", ")", within)
  if within then
    word.plain, self.word = false, word
  else
    self:new_word()
    ends_command(st)
  end
end

on[")"] = function(self, st)
  local case = st.cases[#st.cases]
  self:take(1)
  if case and case.state == "pattern" and not st.test then
    case.state = "body"
    ends_command(st)
  elseif not st.test then
    self.unsure = true
  end
end

--- Quotes and expansions: a part of the word that is no keyword.
local function part(method)
  return function(self)
    local word = self.word
    word.begun, word.plain = true, false
    self:deeper(method, "word")
    self.word = word
  end
end
on["'"], on["`"], on["$"] = part "single_quotes", part "backticks", part "dollar"
on['"'] = part "double_word"

function Scan:double_word()
  return self:double_quotes()
end

on["\\"] = function(self)
  if self:char(1) ~= "\n" then
    self.word.begun, self.word.plain = true, false
  end
  self:backslash(false)
end

on["#"] = function(self, st, c)
  if self.word.begun then
    return self:plain_char(c)
  end
  self.unsure = self.unsure or st.test ~= nil
  while self.pos <= self.stop and self:char() ~= "\n" do
    if not self:token("comment") then
      self:take(1)
    end
  end
end

on["{"] = function(self, _, c)
  self.word.brace = true
  self:plain_char(c)
end

on["="] = function(self, _, c)
  if not self.word.begun and self:at_token(self.pos + 1) then
    self:emit("\\") -- zsh replaces =name by the path of a program
  end
  self:plain_char(c)
end

--- name[...]= and, where names are arguments, name[...]: the subscript is arithmetic.
on["["] = function(self, st, c)
  local word = self.word
  local named = word.plain and find(word.text, NAME .. "$") or (word.text == "" and not word.begun and st.list)
  if named and self.pos > (st.subscript or 0) then
    local _, stop = find(self.text, "^[^\n]-%]%+?=", self.pos)
    if not stop and (st.test or st.list or TAKES_NAMES[st.command]) then
      stop = find(self.text, "]", self.pos, true)
    end
    st.subscript = stop
  end
  self:plain_char(c)
end

function Scan:redirection(st)
  local word = self.word
  if find(self.text, "^[<>]%(", self.pos) then
    word.begun, word.plain = true, false
    self:take(2)
    self:deeper("commands", ")")
    self.word = word
    return
  end
  force(word) -- digits would be the number of a descriptor
  if word.plain and find(word.text, "^%d+$") then
    self:new_word()
  end
  self:end_word(st)
  local operator = match(self.text, "^<<[<-]?", self.pos) or match(self.text, "^&>>?", self.pos)
    or match(self.text, "^[<>][<>&|]?", self.pos)
  self:take(#operator)
  if operator == "<<" or operator == "<<-" then
    self:delimiter(operator == "<<-")
  else
    st.target = true
  end
end

on["<"] = function(self, st)
  if not st.test then
    return self:redirection(st)
  end
  on[" "](self, st)
end
on[">"] = on["<"]

--- Scans it all; returns whether there are replacement strings.
function Scan:run()
  self:deeper("commands")
  self.unsure = self.unsure or #self.documents > 0
  for _, piece in ipairs(self.out) do
    if type(piece) == "table" then
      return true
    end
  end
  return false
end

--- Finds the context of each replacement string of a command.
-- @param text the command
-- @param matcher function(text, pos) -> length, spec of the replacement string at pos, or nil
-- @param ansi boolean: the shell is known to know $'...'
-- @return list of strings (shell text) and tokens {spec =, ctx =}; or nil and a message
function M.scan(text, matcher, ansi)
  local scan = expansion.new_scan(text, matcher, ansi, 0)
  scan:run()
  if scan.fault then
    return nil, scan.fault
  end
  local pieces = {}
  for _, piece in ipairs(scan.out) do
    if type(piece) == "table" then
      piece.ctx = scan.unsure and { kind = "safe" } or piece.ctx
      pieces[#pieces + 1] = piece
    elseif type(pieces[#pieces]) == "string" then
      pieces[#pieces] = pieces[#pieces] .. piece
    else
      pieces[#pieces + 1] = piece
    end
  end
  return pieces
end

return M
