-- What a template writes, every shell on this machine reads back exactly: hostile values in every context, then
-- random templates and values from a fixed seed. Oracle: the bytes the shell prints. By default each context gets one
-- value in six, a different sixth for each; PRUN_TEST_FULL=1 takes them all (minutes).

local root = (arg and arg[0] or ""):match("^(.*)/tests/lua/[^/]*$") or "."
package.path = root .. "/lua/?.lua;" .. package.path
local quote = require "prun.run.quote"
local template = require "prun.run.template"

local SEED, SECONDS = 20240607, 8
local FULL = os.getenv "PRUN_TEST_FULL"
local count, failures = 0, 0

local function report(ok, name, detail)
  count = count + 1
  failures = failures + (ok and 0 or 1)
  print((ok and "ok " or "not ok ") .. count .. " - " .. name)
  if not ok then
    print("# " .. detail:gsub("\n", "\n# "))
  end
end

local folder = os.tmpname()
local script, result = folder .. ".sh", folder .. ".out"

local function sole(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- Runs each command in a subshell of its own; returns the list of their outputs.
-- ksh93, whose subshells are no processes, sometimes hangs then: it gets a process for each command.
local function run_all(shell, commands)
  local lines = {}
  for i, text in ipairs(commands) do
    local call = shell == "ksh93" and "ksh93 -c %s" or "(eval %s)"
    lines[i] = (call .. " </dev/null 2>/dev/null; printf '\\036@%d@'"):format(sole(text), i)
  end
  local file = assert(io.open(script, "wb"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
  os.execute("LC_ALL=C.UTF-8 " .. (shell == "ksh93" and "sh" or shell) .. " "
    .. script .. " >" .. result .. " 2>/dev/null")
  local handle = assert(io.open(result, "rb"))
  local text = handle:read("a")
  handle:close()
  local outputs, pos = {}, 1
  for i = 1, #commands do
    local mark = "\30@" .. i .. "@"
    local first, last = text:find(mark, pos, true)
    outputs[i] = first and text:sub(pos, first - 1) or "<no output>"
    pos = last and last + 1 or pos
  end
  return outputs
end

local SHELLS = {}
for _, name in ipairs { "dash", "bash", "bash --posix", "zsh -f", "ksh93", "mksh", "yash", "busybox ash" } do
  if os.execute("command -v " .. name:match("%S+") .. " >/dev/null 2>&1 && " .. name .. " -c : >/dev/null 2>&1") then
    SHELLS[#SHELLS + 1] = name
  end
end

local VALUES = { "", "a", "a b", "a  b", " a", "a ", "\t", "a\tb", "\n", "a\nb", "a\n", "\na", "a\n\nb", "'", "''",
    "'a", "a'",
  "it's", '"', '""', 'a"b', "\\", "\\\\", "a\\", "\\a", "\\n", "\\'", '\\"', "\\`", "\\$", "$", "$$", "$HOME",
    "${HOME}",
  "$(echo x)", "`echo x`", "$((1+1))", "$'a'", '$"a"', "*", "?", "[a-z]", "/*", "~", "~root", "a~", "!", "!!", "#",
    "a#b", "#a", "%",
  "^", "=", "=ls", "a=b", "{", "}", "{}", "{a,b}", "{1..3}", "1..3", "(", ")", "()", ";", ";;", "&", "&&", "|", "||",
    "<", ">", ">f",
  "<(a)", "-", "-n", "--", "-e", "+", "@", ":", ",", ".", "..", "/", "//", "if", "then", "do", "esac", "in", "done",
    "EOF", "E", "O",
  "x\nEOF", "EOF\n", "EOF\nid", "\tEOF", "\ta", "a\n\tb", "0", "1", "2", "-5", "a[$(echo x >&2)]", "x}y", "}'\"",
    "é", "\xff", "\x80",
  "\x81\x82", "\xc3", "a\xff\\", "\x01", "\x1b[31m", "\x7f", "\r", "a\r\n", "\x08", "'\"'\"'", "\"'\"'", "$'\\''",
    "\\\n", "`", "``", "$(",
  "${", "$((", "))", "a'b\"c`d$e\\f", "rm -rf /tmp/nothing", ("x"):rep(5000), ("' \" $ \\ "):rep(300) }

-- {name, template, make_expected(value)}; `numbers`: only some values pass
local function same(value)
  return value
end
local function dashy(prefix)
  return function(value, shell)
    return ((shell:find "^dash" or shell:find "^yash") and "$" or "") .. prefix .. value .. prefix
  end
end
local CONTEXTS = {
  { "unquoted", "printf %s. {}" },
  { "appended", "printf %s." },
  { "within a word", "printf %s. pre{}post", function(v) return "pre" .. v .. "post" end },
  { "double", 'printf %s. "{}"' },
  { "double, text around", 'printf %s. "a {} b"', function(v) return "a " .. v .. " b" end },
  { "single", "printf %s. '{}'" },
  { "single, text around", "printf %s. 'a {} \"b'", function(v) return "a " .. v .. ' "b' end },
  { "ansi", "printf %s. $'-{}-'", dashy "-" },
  { "after $", "printf %s. ${}", function(v) return "$" .. v end },
  { "after $ in double quotes", 'printf %s. "${}"', function(v) return "$" .. v end },
  { "after a variable", 'x=1; printf %s. "$x{}"', function(v) return "1" .. v end },
  { "after a bare variable", "x=1; printf %s. $x{}", function(v) return "1" .. v end },
  { "after a backslash", "printf %s. \\{}" },
  { "after a backslash in double quotes", 'printf %s. "\\{}"', function(v) return "\\" .. v end },
  { "after =", "printf %s. ={}", function(v) return "=" .. v end },
  { "in braces", "printf %s. {{}}", function(v) return "{" .. v .. "}" end, true },
  { "assignment", 'x={}; printf %s. "$x"' },
  { "assignment in quotes", 'x="{}"; printf %s. "$x"' },
  { "default", "printf %s. ${x:-{}}" },
  { "default in double quotes", 'printf %s. "${x:-{}}"', same, true },
  { "pattern", "x={}; printf %s. \"$x\"${x#{}}", nil },
  { "pattern in double quotes", "x={}; printf %s. \"$x${x#{}}\"" },
  { "substitution", 'printf %s "$(printf %s. {})"', same },
  { "substitution, double", 'printf %s "$(printf %s. "{}")"' },
  { "substitution with case", 'printf %s "$(case x in x) printf %s. {};; esac)"' },
  { "backticks", "printf %s \"`printf %s. {}`\"" },
  { "backticks, double within", "printf %s \"`printf %s. \\\"{}\\\"`\"" },
  { "nested backticks", "x=`printf %s \"\\`printf %s. '{}'\\`\"`; printf %s \"$x\"" },
  { "here-document", "cat <<EOF\n{}.\nEOF", function(v) return v .. ".\n" end },
  { "here-document, alone", "cat <<EOF\n{}\nEOF\n:", function(v) return v .. "\n" end },
  { "here-document, tabs", "cat <<-EOF\n\t{}\n\tEOF\n:", function(v) return v .. "\n" end },
  { "here-document, split delimiter", "cat <<EOF\nEO{}F\nEOF\n:", function(v) return "EO" .. v .. "F\n" end },
  { "raw here-document", "cat <<'EOF'\n{}\nEOF\n:", function(v) return v .. "\n" end, true },
  { "comment", "printf '%s' x # {}\nprintf '.'", function() return "x" end },
  { "comment in substitution", "printf '%s.' \"$(printf x # {}\n)\"", function() return "x" end },
  { "number", "printf '%s.' $((0+{}))", function(v) return tostring(tonumber(v)) end, true },
  { "digits before >", "printf %s. {}>&1" },
  { "case word", "case {} in 'zz zz') ;; *) printf '%s.' {};; esac" },
  { "case pattern", "case {} in {}) printf '%s.' {};; esac" },
  { "for", "for x in {}; do printf %s. \"$x\"; done" },
  { "subshell", "(printf %s. {})" },
  { "nested subshell", "((printf %s. {}) ; :)" },
  { "function", "f() { printf %s. \"$1\"; }; f {}" },
  { "after if", "if :; then printf %s. {}; fi" },
  { "unterminated", "printf %s. {} '", function() return "" end, true },
}

local function expected(context, value, shell)
  local make = context[3] or same
  local text = make(value, shell)
  local c = context[2]
  return text .. (c:find("^cat") and "" or ".")
end

-- Why a shell is not asked: yash stops at bytes that are not UTF-8, wherever they stand; ksh93 hangs when such are
-- in a here-document.
local function excused(shell, context, value)
  local odd = not utf8.len(value) and (shell == "yash" or shell == "ksh93" and context[2]:find("<<", 1, true))
  -- dash drops DEL in a here-document.
  odd = odd or shell == "dash" and value:find("\x7f") and context[2]:find("<<", 1, true)
  return odd or context[1] == "unterminated"
end

local function check_context(number, context)
  local t = assert(template.compile(context[2], {}))
  local commands, values, errors = {}, {}, {}
  for i = FULL and 1 or number % 6 + 1, #VALUES, FULL and 1 or 6 do
    local value = VALUES[i]
    local text, message = t:shell({ value, n = 1 }, 1, 1)
    if text then
      commands[#commands + 1], values[#values + 1] = text, value
    elseif not context[4] then
      errors[#errors + 1] = message
    end
  end
  report(#errors == 0, context[1] .. ": every value passes", table.concat(errors, "\n"))
  for _, shell in ipairs(SHELLS) do
    local asked, bad = {}, {}
    for i, text in ipairs(commands) do
      asked[i] = excused(shell, context, values[i]) and ":" or text
    end
    for i, output in ipairs(run_all(shell, asked)) do
      if asked[i] ~= ":" and output ~= expected(context, values[i], shell) then
        bad[#bad + 1] = ("%q: expected %q, got %q; text %q"):format(values[i]:sub(1, 60), expected(context, values[i],
          shell):sub(1, 60), output:sub(1, 60), commands[i]:sub(1, 200))
      end
    end
    report(#bad == 0, ("%s: %d values in %s"):format(context[1], #commands, shell), table.concat(bad, "\n", 1,
      math.min(#bad, 8)))
  end
end

--- Random words: each replacement string in some quotes, values out of hostile characters.
local PIECES = { "{}", '"{}"', "'{}'", '"a{}b"', "x{}", '"$e{}"', '"$(printf %s {})"', '"`printf %s {}`"', "''{}",
    "\\{}" }
local MEANING = { "%s", "%s", "%s", "a%sb", "x%s", "%s", "%s", "%s", "%s", "%s" }
local ALPHABET = { "a", "b", " ", "\n", "\t", "'", '"', "\\", "$", "`", "(", ")", "{", "}", "*", "?", "!", "#", ";",
    "&", "|", "<",
  ">", "~", "=", "-", "x", "1", "\xc3\xa9", "\x01", "$(", "${", "))", "EOF" }

local function random_case()
  local value, words, want = {}, {}, {}
  for i = 1, math.random(0, 12) do
    value[i] = ALPHABET[math.random(#ALPHABET)]
  end
  value[#value + 1] = "." -- a substitution drops newlines at the end
  value = table.concat(value)
  for i = 1, math.random(1, 4) do
    local k = math.random(#PIECES)
    words[i] = PIECES[k]
    want[i] = MEANING[k]:gsub("%%s", function() return value end) .. ","
  end
  return "e=; printf %s, " .. table.concat(words, " "), value, table.concat(want)
end

local function random_round(shell, rounds)
  local commands, wants, bad = {}, {}, {}
  for i = 1, rounds do
    local text, value, want = random_case()
    local t = assert(template.compile(text))
    commands[i], wants[i] = assert(t:shell({ value, n = 1 }, 1, 1)), want
  end
  for i, output in ipairs(run_all(shell, commands)) do
    if output ~= wants[i] then
      bad[#bad + 1] = ("expected %q, got %q; text %q"):format(wants[i], output, commands[i])
    end
  end
  report(#bad == 0, ("%d random templates in %s"):format(rounds, shell), table.concat(bad, "\n", 1, math.min(#bad, 5)))
end

print("# seed " .. SEED .. "; shells: " .. table.concat(SHELLS, ", "))
for number, context in ipairs(CONTEXTS) do
  check_context(number, context)
end
math.randomseed(SEED)
local begin = os.time()
for _, shell in ipairs(SHELLS) do
  if os.time() - begin < SECONDS then
    random_round(shell, 200)
  end
end
report(quote.quote("a b") == "'a b'", "quote as GNU parallel", quote.quote("a b"))
os.remove(folder)
os.remove(script)
os.remove(result)
print("1.." .. count)
os.exit(failures == 0)
