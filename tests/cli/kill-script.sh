#!/bin/sh
# kill-script: what a script started does not outlive prun either: SIGKILL, and
# SIGINT that the script does not catch.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

start 20 "$PRUN" -e 'io.open("up", "w"):close() while true do end'
ok "a busy chunk is up" wait_until 5 test -e up
sleep 0.1
kill -INT "$pid"
finish
is "$ended" "signal 2" "a chunk that only computes dies by SIGINT"
rm -f up
for sig in INT TERM KILL; do
	start 20 "$PRUN" -e 'local prun = require "prun"
		prun.run("echo $$ >up; sleep 100 & sleep 100")'
	ok "$sig: the command is up" wait_until 5 test -s up
	kill -"$sig" "$pid"
	ok "$sig: nothing left" wait_until 3 none_left
	finish
	like "$ended" "signal" "$sig: dies by it"
	rm -f up
done

done_testing
