#!/bin/sh
# halt-percent: a percentage counts of all jobs, once three of them did so.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$PRUN" -j1 --halt soon,fail=30% 'echo {}; exit 1' ::: 1 2 3 4 5 6 7 8 9 10
is "$(tr '\n' ' ' <"$out")" "1 2 3 " "the third of ten is 30%"
is "$ended" "exit 3" "the status counts the failed"
seq 100 >in
run 10 "$PRUN" -j1 --halt now,done=5% echo <in
is "$(tr '\n' ' ' <"$out")" "1 2 3 4 5 " "of a list on standard input"
done_testing
