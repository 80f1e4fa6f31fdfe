#!/bin/sh
# endings: every way a job can end has its place in status and log: segfault,
# abort, an exit status, a signal; and each exec face gives the same.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$PRUN" -k -j1 --joblog log '"$HELPER"' '{}' ::: segv abort
is "$ended" "exit 2" "two failures through the shell"
run 10 "$PRUN" -k -j1 --joblog log "$HELPER" '{}' ::: segv abort
is "$ended" "exit 2" "two failures executed directly"
is "$(log_field 1 8 log):$(log_field 2 8 log)" "11:6" "signals"
run 10 "$PRUN" -k -j1 --joblog log "$HELPER" exit '{}' ::: 0 1 42 255
is "$(sed 1d log | sort -n | cut -f7 | tr '\n' ' ')" "0 1 42 255 " "statuses"
is "$ended" "exit 3" "three failures"

done_testing
