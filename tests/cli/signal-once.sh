#!/bin/sh
# signal-once: SIGINT or SIGTERM once: no new jobs; the running get SIGTERM and two
# seconds for their own clean-up; their output is printed, a row is logged.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
trap 'sleep 1 && echo "cleaned $1"; exit 3' TERM
echo "begin $1"
touch "up.$1"
i=0
while [ $i -lt 1200 ]; do sleep 0.05; i=$((i + 1)); done
END
for sig in INT TERM; do
	rm -f up.*
	start 15 "$PRUN" -k -j2 --joblog log 'exec sh job {}' ::: 1 2 3 4
	ok "$sig: two jobs are up" wait_until 5 many 2 up.
	kill -"$sig" "$pid"
	finish
	like "$ended" "signal" "$sig: dies by it"
	is "$(cat "$out")" "begin 1
cleaned 1
begin 2
cleaned 2" "$sig: partial output, and the clean-up had its time"
	is "$(wc -l <log)" 3 "$sig: a row for each that ran"
	isnt "$(log_field 1 7 log):$(log_field 1 8 log)" "0:0" "$sig: which is no success"
	ok "$sig: no new job" test ! -e up.3
done

done_testing
