#!/bin/sh
# sigchld-ignored: a caller that ignores SIGCHLD: statuses are still right.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$HELPER" ignore CHLD "$PRUN" -k -j2 --joblog log 'echo {}; exit {}' ::: 0 3 0 5
is "$ended" "exit 2" "failures are seen"
is "$(cat "$out")" "0
3
0
5" "output"
is "$(sed 1d log | sort -n | cut -f7 | tr '\n' ' ')" "0 3 0 5 " "statuses"

done_testing
