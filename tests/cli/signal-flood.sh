#!/bin/sh
# signal-flood: 8000 signals during a run change nothing.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

seq 300 >in
start 30 "$PRUN" -k -j4 'echo {}' <in
for sig in CHLD WINCH CONT USR2; do
	[ $sig = USR2 ] && sig=CHLD
	"$HELPER" flood "$pid" $sig 2000 >/dev/null 2>&1 &
done
finish
wait
is "$ended" "exit 0" "ends well"
is_file "$out" in "every job's output, in order"

done_testing
