-- Templates: what each replacement string stands for, in the text for the shell and in the argument list; which
-- commands need no shell; that both ways agree; errors.

local root = (arg and arg[0] or ""):match("^(.*)/tests/lua/[^/]*$") or "."
package.path = root .. "/lua/?.lua;" .. package.path
local template = require "prun.run.template"

local count, failures = 0, 0

local function is(got, want, name)
  count = count + 1
  local ok = got == want
  failures = failures + (ok and 0 or 1)
  print((ok and "ok " or "not ok ") .. count .. " - " .. name)
  if not ok then
    print(("# expected %q\n# got      %q"):format(tostring(want), tostring(got)):gsub("\\\n", "\\n"))
  end
end

local OPTS = {
  which = function(name)
    return name:find("/", 1, true) and name or "/bin/" .. name
  end,
  is_function = function(name)
    return name == "exported"
  end,
}

local function text(command, args, opts)
  local t, message = template.compile(command, opts or OPTS)
  if not t then
    return "error: " .. message
  end
  local result
  result, message = t:shell(args, 7, 3)
  return result or "error: " .. message
end

-- As GNU parallel prints with --dry-run: command, values, text.
for _, case in ipairs {
  { "echo", { "a b" }, "echo 'a b'" },
  { "echo", { "a", "b" }, "echo a b" },
  { "echo {#}", { "a" }, "echo 7" },
  { "echo {%}-{#}", { "a" }, "echo 3-7" },
  { "echo {foo}", { "a" }, "echo {foo} a" },
  { "echo {..}", { "a" }, "echo {..} a" },
  { "echo {+1}", { "a" }, "echo {+1} a" },
  { "echo {0}", { "a", "b" }, "echo a b" },
  { "echo {01}", { "a", "b" }, "echo a" },
  { "echo {-1}", { "a", "b" }, "echo b" },
  { "echo {-1.}", { "a", "d/e.f" }, "echo d/e" },
  { "echo {1/.}", { "a/b.c" }, "echo b" },
  { "echo {1//}", { "a/b.c" }, "echo a" },
  { "echo {3}", { "a", "b" }, "echo " },
  { "echo {-3}", { "a", "b" }, "echo " },
  { "echo {-0}", { "a", "b" }, "echo " },
  { "a {1}", { "" }, "a ''" },
  { "a {1.}", { ".x" }, "a ''" },
  { "x pre{}post", { "a", "b" }, "x prea bpost" },
  { "x {2}y \"{}\" {.}", { "a.b", "c.d", "e f" }, "x c.dy \"a.b c.d e f\" a c 'e f'" },
  { "echo {}", { "it's" }, "echo 'it'\"'\"'s'" },
  { "echo {}", { "'" }, "echo \"'\"" },
  { "echo {}", { "''" }, "echo \"'\"''\"'\"" },
  { nil, { "echo 1;" }, "echo 1;" },
  { "", { "echo", "1 2" }, "echo 1 2" },
  { "{}", { "echo $x" }, "echo $x" },
  { "{1} {2}", { "a b", "c" }, "'a b' c" },
  { "x={} cmd", { "a", "b" }, "x='a b' cmd" },
  { "if {}; then :; fi", { "then" }, "if 'then'; then :; fi" },
  { "echo {}>f", { "2" }, "echo '2'>f" },
  { "echo $((3-{}))", { "-5" }, "echo $((3- -5))" },
  { "cat <<{}", { "a" }, "error: a replacement string cannot be the delimiter of a here-document" },
  { "echo \0 {}", { "a" }, "error: the command has a NUL byte" },
} do
  is(text(case[1], case[2]), case[3],
    ("text of %q with %q"):format(case[1] or "", table.concat(case[2], ", ")):gsub("[\n\0]", " "))
end

-- Data is never code.
for _, case in ipairs {
  { "echo $(({}))", "a[$(id)]" }, { "echo $((1+{}))", "" }, { "(({}))", "x" }, { "a[{}]=1", "$(id)" }, { "a[ {} ]=1",
    "x" },
  { "let {}", "x" }, { "[[ {} -eq 1 ]]", "x[$(id)]" }, { "[[ -v {} ]]", "a[$(id)]" }, { "echo ${{}}", "x:-$(id)" },
  { "echo ${x:{}}", "a[$(id)]" }, { "echo ${x[{}]}", "a b" }, { "x=([{}]=1)", "a[$(id)]" }, { "echo $[{}]", "x" },
  { "unset a[{}]", "x" }, { "echo '{}", "a b" }, { "echo \"{}", "$(id)" }, { "echo $(echo {}", "a b" },
    { "cat <<'EOF'\n{}\nEOF", "EOF" },
  { "cat <<'EOF'\n{}\nEOF", "a\nb" }, { "echo $'it\\'s {}'", "' id '" }, { "for ((i=0;i<{};i++)); do :; done", "x" },
} do
  is(text(case[1], { case[2] }):sub(1, 6), "error:", ("%q refuses %q"):format(case[1], case[2]):gsub("\\?\n", "\\n"))
end

-- The cuts, as GNU parallel has them: value, {.}, {/}, {//}, {/.}.
for _, row in ipairs {
  { "a/", "a/", "", ".", "" }, { "a.b/c", "a.b/c", "c", "a.b", "c" }, { ".bashrc", "", ".bashrc", ".", "" },
  { "a/.b", "a/", ".b", "a", "" }, { "a//b", "a//b", "b", "a", "b" }, { "/", "/", "", "/", "" }, { "//", "//", "",
    "/", "" },
  { "/a", "/a", "a", "/", "a" }, { "", "", "", ".", "" }, { ".", "", ".", ".", "" }, { "..", ".", "..", ".", "." },
  { "a.", "a", "a.", ".", "a" }, { "a..", "a.", "a..", ".", "a." },
    { "a/.", "a/", ".", "a", "" }, { "...", "..", "...", ".", ".." }, { "a/.b.", "a/.b", ".b.", "a", ".b" },
    { "a.b.c", "a.b", "a.b.c", ".", "a.b" }, { "///a", "///a", "a", "/", "a" },
  { "a/b//", "a/b//", "", "a", "" }, { "x.tar.gz/", "x.tar.gz/", "", ".", "" }, { "a/b.c/d", "a/b.c/d", "d", "a/b.c",
    "d" },
  { "x.y\nz", "x", "x.y\nz", ".", "x" }, { "a/b\nc/d.e", "a/b\nc/d", "b\nc/d.e", "a/b\nc", "b\nc/d" },
  { "n\n/q\n.x/y", "n\n/q\n.x/y", "n\nq\n.x/y", "n\n/q\n.x", "n\nq\n.x/y" },
} do
  for i, form in ipairs { "{.}", "{/}", "{//}", "{/.}" } do
    local t = template.compile("'" .. form .. "'")
    is(t:shell({ row[1] }, 1, 1), "'" .. row[i + 1] .. "'", ("%s of %q"):format(form, row[1]):gsub("\\?\n", "\\n"))
  end
end

-- Which commands need no shell.
for command, program in pairs {
  ["gzip -9 {}"] = "/bin/gzip", ["gzip --level=9"] = "/bin/gzip", ["grep 'a b' {}"] = "/bin/grep",
    ["/bin/echo {}"] = "/bin/echo",
  ['awk "{}" x{}y'] = "/bin/awk", ["echo {}"] = false, ["test {}"] = false, ["if {}"] = false, ["exported {}"] = false,
  ["x=1 gzip"] = false, ["ls | wc"] = false, ["ls *"] = false, ["ls $x"] = false, ["ls ~"] = false, ["ls a#"] = false,
  ["ls {a,b}"] = false, ["ls 'a"] = false, ['ls "$x"'] = false, ["{1} {2}"] = false, ["ls >f"] = false,
    ["ls\nls"] = false,
  ["ls =x"] = false, ["ls a\\b"] = false, ["ls !"] = false, ["ls %"] = "/bin/ls", ["l{} x"] = false, ["\\ls"] = false,
} do
  local t = template.compile(command, OPTS)
  is(t.program or false, program, "program of " .. command:gsub("\n", "\\n"))
end

local function list(command, args, opts)
  local t = template.compile(command, opts or OPTS)
  local argv = {}
  local n, message = t:argv(argv, args, 7, 3)
  return n and table.concat(argv, "|", 1, n) or "error: " .. message
end
is(list("gzip -9 {}", { "a b" }), "gzip|-9|a b", "argv: one value")
is(list("gzip -9 {}", { "a b", "c" }), "gzip|-9|a b|c", "argv: two values")
is(list("gzip {1} {3} \"{3}\"", { "", "b" }), "gzip||", "argv: empty and absent")
is(list("gzip x{}y \"{}\" {#}{%}", { "a b", "c" }), "gzip|xa b|cy|a b c|73", "argv: in a word")
is(list("gzip {/.}", { "a/b.c", "d.e" }), "gzip|b|d", "argv: cuts")
is(list("gzip", { "a\0b" }), "error: a value has a NUL byte, which no command can be given", "argv: NUL")
is(text("gzip", { "a\0b" }), "error: a value has a NUL byte, which no command can be given", "text: NUL")
local q = { quote_command = true, words = { "printf", "a b", "$x", "", "p{}s" }, which = OPTS.which }
is(text("printf a b $x  p{}s", { "v v" }, q), "printf 'a b' '$x' '' p'v v's", "-q: text")
q.words[1] = "gzip"
is(list("", { "v v" }, q), "gzip|a b|$x||pv vs", "-q: argv")
q.words = { "gzip" }
is(list("gzip", { "v v" }, q), "gzip|v v", "-q: appended")

-- Both ways give the same arguments: the shell prints them, for random words and values.
local seed = 4711
math.randomseed(seed)
local PARTS = { "{}", '"{}"', "'{}'", "{1}", "{2}", "{3}", "{/}", "x", " ", " ", "'a b'", '"c"', "{#}", "''", "{-1}",
    "{.}", "=", "%", "^" }
local DATA = { "a", "", "b c", "d/e.f", "'", "\\", "$x", "*", "g\nh", ";", "if" }
local lines, wants = {}, {}
for _ = 1, 300 do
  local parts = {}
  for i = 1, math.random(8) do
    parts[i] = PARTS[math.random(#PARTS)]
  end
  local args = {}
  for i = 1, math.random(3) do
    args[i] = DATA[math.random(#DATA)]
  end
  local t = template.compile("show k" .. table.concat(parts), OPTS)
  if t.direct then
    local argv = {}
    local n = t:argv(argv, args, 7, 3)
    lines[#lines + 1] = t:shell(args, 7, 3)
    wants[#wants + 1] = "<" .. table.concat(argv, "><", 2, n) .. ">"
  end
end
local name = os.tmpname()
for _, shell in ipairs { "sh", "dash", "bash", "zsh -f", "ksh93", "mksh", "busybox ash" } do
  if os.execute("command -v " .. shell:match("%S+") .. " >/dev/null 2>&1") then
    local file = assert(io.open(name, "wb"))
    file:write("show() { printf '<%s>' \"$@\"; }\n", table.concat(lines, "; echo\n"), "; echo\n")
    file:close()
    local pipe = io.popen(shell .. " " .. name .. " 2>&1")
    is(pipe:read("a"), table.concat(wants, "\n") .. "\n",
    #lines .. " commands, directly and in " .. shell .. ", seed " .. seed)
    pipe:close()
  end
end
os.remove(name)

-- No text, however odd, makes the compiler fail or take long.
local ODD = { "$((", "$(", "((", "${", "`", "'", '"', "\\", "{}", " ", "\n", "<<E", "<<'E'", "E", "case x in", "esac",
    ")", "}", "]", "[[",
  "$[", "#", ";;", "|", "&", "$'", "$x", "a[", "=", "(", "{1}", "<(", "if" }
local begin, broken = os.clock(), nil
for _ = 1, 3000 do
  local parts = {}
  for i = 1, math.random(40) do
    parts[i] = ODD[math.random(#ODD)]
  end
  local command = table.concat(parts)
  local ok, message = pcall(function()
    local t = template.compile(command, OPTS)
    return t and t:shell({ "' ; id" }, 1, 1)
  end)
  broken = broken or (not ok and ("%q: %s"):format(command, message)) or nil
end
is(broken, nil, "random texts compile")
for _, piece in ipairs(ODD) do
  text(piece:rep(2000) .. "{}", { "x" })
end
is(os.clock() - begin < 20, true, "long and nested texts take no time")
print("1.." .. count)
os.exit(failures == 0)
