#!/bin/sh
# joblog-after-output: a row is written after the job's output was delivered, so that a
# logged job never has to run again (I5).
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkfifo pipe
# The reader stalls; 400 kB do not fit into a pipe.
exec 7<>pipe
start_limit() {
	"$HELPER" limit 20 "$tap_dir/status" "$@" >pipe 2>"$err" 7<&- &
	back=$!
}
start_limit "$PRUN" -j1 --joblog log '"$HELPER" write 400000; touch done.{}' ::: 1
ok "the job has ended" wait_until 5 test -e done.1
sleep 0.3
is "$(sed 1d log)" "" "not logged: its output is not out yet"
timeout 10 head -c 400000 <&7 >got
wait "$back"
tap_ended
exec 7<&-
is "$ended" "exit 0" "ends well"
"$HELPER" write 400000 >want
is_file got want "the output is complete"
is "$(log_field 1 7 log)" 0 "logged now"

done_testing
