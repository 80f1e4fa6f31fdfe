#!/bin/sh
# status-count: the exit status counts the failed jobs: 0, 1 to 100, and 101 for
# more.  256 failures do not wrap to 0, and a job that ends 255 stops nothing.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$PRUN" -j4 'exit {}' ::: 0 0 0
is "$ended" "exit 0" "no job failed"
run 10 "$PRUN" -j4 'exit {}' ::: 0 3 0 9
is "$ended" "exit 2" "two failed, whatever their own status"
run 10 "$PRUN" -k -j2 'echo {}; exit {}' ::: 0 255 1
is "$ended" "exit 2" "255 is a failure like any other"
is "$(cat "$out")" "0
255
1" "and the jobs behind it run"
run 10 "$PRUN" 'kill -KILL $$ #' ::: 1
is "$ended" "exit 1" "a job that dies by a signal counts"
seq 100 >hundred
run 20 "$PRUN" -j8 'exit 1 #' <hundred
is "$ended" "exit 100" "100 failed"
seq 101 >hundred1
run 20 "$PRUN" -j8 'exit 1 #' <hundred1
is "$ended" "exit 101" "101 failed"
seq 256 >wrap
run 20 "$PRUN" -j8 'exit 1 #' <wrap
is "$ended" "exit 101" "256 failed"
run 10 "$PRUN" echo ran </dev/null
is "$ended:$(cat "$out")" "exit 0:" "no input: no job, as in GNU parallel"

done_testing
