#!/bin/sh
# status-signal: prun that a signal ends dies by that signal, so that a shell sees
# 130, 143, 131, and the shell's loop around it ends too.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

for sig in INT TERM QUIT; do
	case $sig in
	INT) number=2 ;;
	QUIT) number=3 ;;
	TERM) number=15 ;;
	esac
	rm -f up.*
	start 10 "$PRUN" -j2 'touch up.{}; exec sleep 60' ::: 1 2 3 4
	ok "$sig: two jobs are up" wait_until 5 many 2 up.
	kill -"$sig" "$pid"
	finish
	is "$ended" "signal $number" "$sig: dies by it"
	is "$status" $((128 + number)) "$sig: status for a shell"
	ok "$sig: no further job" test ! -e up.3
	ok "$sig: nothing left" wait_until 3 none_left
done

done_testing
