#!/bin/sh
# script-jobs: prun.jobs runs the command line's engine and iterates over the
# ended jobs.
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
lua "each ended job once, in order" "1	0
2	3
3	0" 'for job in prun.jobs { command = "exit {}", inputs = { 0, 3, 0 }, jobs = 2, keep_order = true } do print(job.seq, job.returncode) end'
lua "ok" "truefalse" 'for job in prun.jobs { command = "exit {}", inputs = { "0", "3" }, jobs = 1 } do io.write(tostring(job.ok)) end'
lua "values are quoted" "true" 'local n = 0 for job in prun.jobs { command = "test {} = \"a  b\"", inputs = { "a  b" } } do n = n + job.returncode end print(n == 0)'
lua "an iterator as inputs, endless: a break ends the run" "5" 'local i, n = 0, 0
for job in prun.jobs { command = "true", inputs = function() i = i + 1 return tostring(i) end, jobs = 2 } do n = n + 1 if n == 5 then break end end print(n)'
lua "no inputs, no jobs" "0" 'local n = 0 for job in prun.jobs { command = "echo {}", inputs = {} } do n = n + 1 end print(n)'
lua "retries" "0" 'for job in prun.jobs { command = "echo x >>tries; test $(wc -l <tries) = 3 #", inputs = { 1 }, retries = 3 } do print(job.returncode) end'
is "$(wc -l <tries)" 3 "three attempts"
run 10 "$PRUN" -e 'local prun = require "prun" for job in prun.jobs { command = "if [ {} = 1 ]; then exit 0; else sleep 60; fi", inputs = { 1, 2 }, jobs = 2 } do break end'
is "$ended" "exit 0" "a loop left early"
ok "leaves no job behind" wait_until 3 none_left
run 10 "$PRUN" -e 'for job in require("prun").jobs { inputs = { 1 } } do end'
is "$ended" "exit 1" "misuse is an error"

done_testing
