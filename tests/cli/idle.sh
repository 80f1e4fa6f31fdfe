#!/bin/sh
# idle: while it only waits prun does not wake up: at most 5 context
# switches in 3 s for each of its processes (I9).
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

start 20 "$PRUN" -j2 'touch up.{}; exec sleep 4.5' ::: 1 2
first_limit=$tap_background
rm -f "$tap_dir/status" "$tap_dir/status.pid"
start 20 "$PRUN" -j2 -k --tag --timeout 100 --joblog log --bar --eta 'touch up.{}; exec sleep 4.5' ::: 3 4
mkfifo pipe
exec 7<>pipe
"$HELPER" limit 6 "$tap_dir/third" "$PRUN" -j2 'touch up.{}; exec sleep 60' <pipe 7<&- >/dev/null 2>&1 &
third=$!
echo 5 >&7
ok "the jobs are up" wait_until 5 many 5 up.
sleep 0.5
"$HELPER" pids-of "$PRUN" "$PRUN_TEST_TAG" >pids
while read -r one; do
	"$HELPER" switches "$one" >"before.$one"
done <pids
sleep 3
most=0
while read -r one; do
	before=$(cat "before.$one")
	after=$("$HELPER" switches "$one")
	[ $((after - before)) -le $most ] || most=$((after - before))
	diag "process $one: $((after - before)) switches"
done <pids
between "$(wc -l <pids)" 3 12 "processes looked at"
between "$most" 0 5 "switches in 3 s"
read -r one <"$tap_dir/third.pid"
kill -TERM "$one"
exec 7>&-
wait "$third"
finish
is "$ended" "exit 0" "ends well"
wait "$first_limit"

done_testing
