#!/bin/sh
# kill-prun: prun ended by INT, TERM or KILL while 50 jobs of
# `sleep 100 & sleep 100` run: no sleep is left a second later.  prun may
# consist of several processes: each of them is killed in turn.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

seq 50 >fifty
sleeps() {
	test "$("$HELPER" pids-of "$(command -v sleep)" "$PRUN_TEST_TAG" | wc -l)" "$1" "$2"
}
fifty() {
	start 60 "$PRUN" -j50 "sh -c 'sleep 100 & sleep 100' #" <fifty
	wait_until 10 sleeps -eq 100
}
gone() {
	if wait_until 1 sleeps -eq 0; then
		pass "$1: no sleep is left a second later"
	else
		fail "$1: no sleep is left a second later" "$(leftovers | head -n5)"
	fi
	ok "$1: and nothing else after three" wait_until 3 none_left
}

for sig in INT TERM KILL; do
	ok "$sig: 50 jobs are up" fifty
	kill -"$sig" "$pid"
	gone "$sig"
	finish
	like "$ended" "signal" "$sig: prun dies by it"
done

# Each process of prun in turn, the started one excepted.
n=1
while :; do
	ok "process $n: 50 jobs are up" fifty
	"$HELPER" pids-of "$PRUN" "$PRUN_TEST_TAG" | grep -vx "$pid" | sort -n >others
	other=$(sed -n "${n}p" others)
	if [ -z "$other" ]; then
		kill -KILL "$pid"
		wait_until 3 none_left
		finish
		break
	fi
	kill -KILL "$other"
	# It may go on without that one: then it still obeys.
	if ! wait_until 1 over; then
		kill -TERM "$pid"
	fi
	gone "process $n killed"
	ok "process $n killed: prun ends" wait_until 3 over
	finish
	isnt "$ended" "exit 0" "process $n killed: which is no success"
	n=$((n + 1))
done

done_testing
