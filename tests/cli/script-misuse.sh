#!/bin/sh
# script-misuse: options that are misspelt, and print to a full disk, are seen.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$PRUN" -e 'prun.run({ "false" }, { chek = true })'
like "$(cat "$err")" "bad argument 'chek' to 'run' \(no such option\)" "prun.run"
is "$ended" "exit 1" "its status"
run 5 "$PRUN" -e 'for _ in prun.jobs { command = "echo {}", inputs = { 1 }, keep_oder = true } do end'
like "$(cat "$err")" "bad argument 'keep_oder' to 'jobs' \(no such option\)" "prun.jobs"
run 5 "$PRUN" -e 'prun.run("true", { timeout = -1 })'
like "$(cat "$err")" "'timeout'" "a negative timeout"
if [ -c /dev/full ]; then
	run_to /dev/full 5 "$PRUN" -e 'print(1)'
	is "$ended" "exit 1" "print to a full disk"
	run_to /dev/full 5 "$PRUN" --dry-run echo ::: a
	is "$ended" "exit 255" "--dry-run to a full disk"
	like "$(cat "$err")" "standard output" "with a message"
else
	skip "a full disk" "no /dev/full here"
fi
is "$("$PRUN" --dry-run -t echo ::: a b 2>&1 >/dev/null)" "echo a
echo b" "--dry-run -t"
run 5 "$PRUN" -N 2 echo
unlike "$(cat "$err")" "nearest" "nothing far-fetched is suggested"

done_testing
