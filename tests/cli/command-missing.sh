#!/bin/sh
# command-missing: a command that is missing (127), not executable or a folder (126):
# a failed job with a message, and the run goes on.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

: >plain
mkdir folder
printf '#!/no/such/interpreter\n' >script
chmod 755 script
check() {
	name=$1
	code=$2
	shift 2
	run 10 "$PRUN" -j1 --joblog log "$@" ::: 1 2
	is "$ended" "exit 2" "$name: both jobs failed"
	is "$(log_field 1 7 log)" "$code" "$name: logged as $code"
	isnt "$(cat "$err")" "" "$name: a message"
}
check "missing" 127 no-such-command-here
like "$(cat "$err")" "no-such-command-here" "named"
check "missing, through the shell" 127 'no-such-command-here {}; exit $? #'
check "missing path" 127 /no/such/path
check "not executable" 126 ./plain
check "a folder" 126 ./folder
run 10 "$PRUN" -j1 --joblog log ./script ::: 1
is "$ended" "exit 1" "no interpreter: failed"
like "$(log_field 1 7 log)" '^12[67]$' "no interpreter: logged"
run 10 "$PRUN" -j1 --halt now,fail=1 no-such-command-here ::: 1 2
is "$ended" "exit 127" "halt: the failed job's status"

done_testing
