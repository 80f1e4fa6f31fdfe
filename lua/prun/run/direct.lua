-- Direct execution: which commands need no shell, and their words.

local M = {}

local find, sub = string.find, string.sub

-- Every builtin and keyword of sh, bash, dash, busybox ash, zsh with its modules, ksh93, mksh and yash, but for those
-- that ksh93 binds to a folder and mksh's cat, which do what the program does.
local LIST <const> = [==[
  . : [ [[ ]] { } ! - alarm alias always array autoload bg bind bindkey break builtin builtins bye caller cap case cd
  chdir clone command compadd comparguments compcall compctl compdescribe compfiles compgen compgroups complete compopt
  compquote compset comptags comptry compvalues continue coproc declare dirs disable disown do done echo echotc echoti
  elif else emulate enable end enum esac eval exec exit export false fc fg fi float for foreach function functions
  getcap getconf getln getopts global hash help hist history if in integer jobs kill let limit local log login logout
  mapfile mkservice nameref namespace newgrp nocorrect noglob pcre_compile pcre_match pcre_study popd print printf
  private pushd pushln pwd r read readarray readonly realpath redirect rehash rename repeat return sched select set
  setcap setopt shift shopt sleep source stat stop strftime suspend sync sysopen sysread sysseek syswrite test then
  time times trap true ttyctl type typeset ulimit umask unalias unfunction unhash unlimit unset unsetopt until vared
  vmstate vpath wait whence where which while zcompile zcurses zdelattr zf_chgrp zf_chmod zf_chown zf_ln zf_mkdir zf_mv
  zf_rm zf_rmdir zf_sync zformat zftp zgetattr zle zlistattr zmodload zparseopts zprof zpty zregexparse zselect
  zsetattr zsocket zstat zstyle zsystem ztcp
]==]

local shell_words

--- The set of these words, made when it is first asked for.
function M.shell_words()
  if not shell_words then
    shell_words = {}
    for word in LIST:gmatch("%S+") do
      shell_words[word] = true
    end
  end
  return shell_words
end

local PLAIN = "^[A-Za-z0-9_./+:@,-]"
local PLAIN_LATER = "^[A-Za-z0-9_./+:@,%%^-]"

--- One word of a command that needs no shell.
-- @return word {string or {spec =, quoted =} ...} and the next position, or nil
local function read_word(text, pos, matcher, first)
  local word, begin = {}, pos
  local function add(static)
    if type(word[#word]) == "string" then
      word[#word] = word[#word] .. static
    else
      word[#word + 1] = static
    end
  end
  local quote
  while pos <= #text do
    local c = sub(text, pos, pos)
    local length, spec = matcher(text, pos)
    if length then
      word[#word + 1] = { spec = spec, quoted = quote ~= nil }
      pos = pos + length
    elseif quote and c == quote then
      quote, pos = nil, pos + 1
    elseif quote then
      if quote == '"' and find(c, "[\\$`]") then
        return nil
      end
      add(c)
      pos = pos + 1
    elseif c == "'" or c == '"' then
      quote, pos = c, pos + 1
      add("")
    elseif c == " " or c == "\t" then
      break
    elseif find(c, first and PLAIN or PLAIN_LATER) or (c == "=" and not first and pos > begin) then
      add(c)
      pos = pos + 1
    else
      return nil
    end
  end
  return not quote and word or nil, pos
end

--- Splits a command that has no shell syntax outside its replacement strings.
-- @param text the command
-- @param matcher function(text, pos) -> length, spec
-- @return list of words, each a list of strings and {spec =, quoted =}; or nil when a shell is needed
function M.split(text, matcher)
  local words, pos = {}, 1
  while true do
    pos = find(text, "[^ \t]", pos)
    if not pos then
      return words
    end
    local word
    word, pos = read_word(text, pos, matcher, #words == 0)
    if not word then
      return nil
    end
    words[#words + 1] = word
  end
end

--- The program of a command, when it can be executed without a shell.
-- @param words as split() gives them
-- @param opts which, is_function as template.compile has them
-- @return path, or nil
function M.program(words, opts)
  local name = words[1] and #words[1] == 1 and words[1][1]
  if type(name) ~= "string" or name == "" or find(name, "[^A-Za-z0-9_./+:@,-]") then
    return nil
  elseif not find(name, "/", 1, true) and M.shell_words()[name] then
    return nil
  elseif opts.is_function and opts.is_function(name) then
    return nil
  end
  return opts.which and opts.which(name) or nil
end

return M
