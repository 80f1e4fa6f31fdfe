#!/bin/sh
# all-blocked: a caller that blocks every signal: all works, timeouts too.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$HELPER" block-all "$PRUN" -k -j2 'echo {}; exit {}' ::: 0 3 0 5
is "$ended" "exit 2" "failures are seen"
is "$(cat "$out")" "0
3
0
5" "output"
run 10 "$HELPER" block-all "$PRUN" --timeout 0.3 --term-seq TERM,200,KILL,25 'sleep 60 #' ::: 1
is "$ended" "exit 1" "a timeout"
run 10 "$HELPER" block-all "$PRUN" -j2 --halt now,fail=1 'if [ {} = 1 ]; then touch up; sleep 60; else "$HELPER" await up; exit 9; fi' ::: 1 2
is "$ended" "exit 9" "a halt"

done_testing
