#!/bin/sh
# signal-twice: a second SIGINT or SIGTERM is SIGKILL to all jobs, at once.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

for pair in "INT INT" "TERM TERM" "INT TERM"; do
	rm -f up.*
	start 20 "$PRUN" -j2 --joblog log 'echo partial; touch up.{}; exec "$HELPER" ignore-term' ::: 1 2 3
	ok "$pair: two jobs are up" wait_until 5 many 2 up.
	kill -"${pair% *}" "$pid"
	sleep 0.2
	clock
	t=$now
	kill -"${pair#* }" "$pid"
	finish
	since "$t"
	between "$elapsed" 0 100 "$pair: at once, in 1/100 s"
	like "$ended" "signal" "$pair: dies by it"
	ok "$pair: nothing left" wait_until 1 none_left
	is "$(grep -c partial "$out")" 2 "$pair: partial output"
	is "$(wc -l <log)" 3 "$pair: rows"
done

done_testing
