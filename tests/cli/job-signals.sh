#!/bin/sh
# job-signals: a job's ignored and blocked signals are the caller's: none by
# default, those of the caller when it has some.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

both() {
	name=$1
	shift
	"$HELPER" plain "$@" "$HELPER" sigs >want
	run 10 "$@" "$PRUN" "$HELPER" ::: sigs
	sed '/^$/d' "$out" >got
	is_file got want "$name: executed directly"
	run 10 "$@" "$PRUN" -j2 --timeout 9 --joblog log 'exec "$HELPER" sigs #' ::: 1
	is_file "$out" want "$name: through the shell"
}

both "nothing special" "$HELPER" plain
both "HUP, USR1 and PIPE ignored" "$HELPER" ignore HUP,USR1,PIPE
both "INT, QUIT and TERM ignored" "$HELPER" ignore INT,QUIT,TERM
both "TSTP, TTIN and TTOU ignored" "$HELPER" ignore TSTP,TTIN,TTOU
both "all blocked" "$HELPER" block-all
"$HELPER" plain "$HELPER" ignore CHLD "$HELPER" sigs >want
run 10 "$HELPER" ignore CHLD "$PRUN" "$HELPER" ::: sigs
is_file "$out" want "CHLD ignored"

done_testing
