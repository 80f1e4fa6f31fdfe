#!/bin/sh
# script-run: prun.run: a string goes to the shell, a list is executed directly;
# capture, input, stderr, cwd, env, timeout, check.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

lua() {
	name=$1
	want=$2
	run 10 "$PRUN" -e "local prun = require 'prun'
$3"
	is "$ended:$(cat "$out")" "exit 0:$want" "$name"
	[ "$ended" = "exit 0" ] || diag "$(cat "$err")"
}
lua "a string goes to the shell" "AB
0	true" 'local p = prun.run("(echo a; echo b) | tr -d \"\\n\" | tr ab AB", { capture = true })
print(p.stdout) print(p.returncode, p.ok)'
lua "a list is executed directly" "3:a b5:\$HOME1:*" 'local p = prun.run({ os.getenv "HELPER", "argv", "a b", "$HOME", "*" }, { capture = true })
print((p.stdout:gsub("%z", "")))'
lua "without capture the output is prun'\''s" "hello
0" 'local p = prun.run("echo hello") print(p.returncode)'
lua "what was printed before comes before" "1
2
3" 'print(1) prun.run("echo 2") print(3)'
lua "capture: stdout and stderr apart" "out|err" 'local p = prun.run("echo out; echo err >&2", { capture = true })
print(((p.stdout .. "|" .. p.stderr):gsub("\n", "")))'
lua "stderr = stdout: one stream" "out
err" 'local p = prun.run("echo out; echo err >&2", { capture = true, stderr = "stdout" }) io.write(p.stdout)'
lua "input" "HELLO" 'local p = prun.run("tr a-z A-Z", { input = "hello", capture = true }) print(p.stdout)'
lua "much input and output at once" "3000000" 'local p = prun.run("cat", { input = ("x"):rep(3000000), capture = true }) print(#p.stdout)'
lua "bytes are exact" "true" 'local t = {} for i = 0, 255 do t[#t + 1] = string.char(i) end local s = table.concat(t)
print(prun.run({ "cat" }, { input = s, capture = true }).stdout == s)'
lua "input not read: no error" "0" 'print(prun.run("exec true", { input = ("x"):rep(1000000) }).returncode)'
lua "a failure" "3	false" 'local p = prun.run("exit 3") print(p.returncode, p.ok)'
lua "a signal is negative" "-9	false" 'local p = prun.run("kill -KILL $$") print(p.returncode, p.ok)'
lua "args and duration" "true	true" 'local p = prun.run("sleep 0.1") print(p.args == "sleep 0.1", p.duration >= 0.1 and p.duration < 5)'
lua "cwd" "/" 'print((prun.run("pwd", { cwd = "/", capture = true }).stdout:gsub("\n", "")))'
lua "env" "value:yes" 'io.write(prun.run("echo $ADDED:${PATH:+yes}", { setenv = { ADDED = "value" }, capture = true }).stdout)'
lua "stdout = null" "" 'prun.run("echo hidden", { stdout = "null" })'
lua "stdout = a path" "kept" 'prun.run("echo kept", { stdout = "file" }) for l in io.lines("file") do print(l) end'
lua "a program that is missing: nil, message, errno" "nil	string	2" 'local p, m, e = prun.run({ "no-such-program-here" }) print(p, type(m), e)'
lua "check raises CalledProcessError" "false	CalledProcessError	4	out" 'local ok, e = pcall(prun.run, "echo out; exit 4", { check = true, capture = true })
print(ok, e.kind, e.returncode, (e.stdout:gsub("\n", "")))'
lua "check of a success" "true" 'print(prun.run("exit 0", { check = true }).ok)'
lua "timeout raises TimeoutExpired with the partial output" "false	TimeoutExpired	partial	true" 'local ok, e = pcall(prun.run, "echo partial; sleep 60 & sleep 60", { timeout = 0.3, capture = true })
print(ok, e.kind, (e.stdout:gsub("\n", "")), tostring(e):find("Timeout") ~= nil)'
ok "timeout: the whole tree is gone" wait_until 1 none_left
lua "io.popen and os.execute keep working" "popen
true	exit	0
nil	exit	3" 'prun.run("true") local f = io.popen("echo popen; exit 0") io.write(f:read("a")) print(f:close()) print(os.execute("exit 3"))'
lua "200 in a row" "200" 'local n = 0 for i = 1, 200 do n = n + (prun.run({ "true" }).ok and 1 or 0) end print(n)'
run 5 "$PRUN" -e 'require("prun").run(nil)'
is "$ended" "exit 1" "misuse is an error"
like "$(cat "$err")" "bad argument" "which says bad argument"

done_testing
