#!/bin/sh
# dry-run: --dry-run prints what would run, as a line that a shell reads back
# exactly, and runs nothing; -t says each command on stderr and runs it.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

value='a  b'"'"'c"d$(touch pwned)*\ '
run 5 "$PRUN" -k --dry-run "$HELPER argv {} x" ::: "$value" y
is "$ended" "exit 0" "--dry-run: ends well"
sh "$out" >got
{
	"$HELPER" argv "$value" x
	"$HELPER" argv y x
} >want
is_file got want "a shell reads the lines back exactly"
run 5 "$PRUN" --dry-run 'touch ran.{}' ::: 1 2
ok "nothing ran" test ! -e ran.1
run 5 "$PRUN" --dry-run --joblog log true ::: 1 2
is "$(cat "$out")" "true 1
true 2" "the value is appended"
run 5 "$PRUN" -k -t 'echo out {}' ::: 1 2
is "$(cat "$out")" "out 1
out 2" "-t: the jobs run"
is "$(sort "$err")" "echo out 1
echo out 2" "-t: the commands on stderr"
ok "nothing in a value ran" test ! -e pwned

done_testing
