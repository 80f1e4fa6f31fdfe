#!/bin/sh
# stdout-closed: a closed stdout is an error that is seen, and nothing else takes its
# place: the log holds no output.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$HELPER" closed-fd 1 "$PRUN" --joblog log 'echo secret-{}' ::: 1 2
isnt "$ended" "exit 0" "not status 0"
isnt "$ended" "timeout" "ends"
isnt "$(cat "$err")" "" "a message"
unlike "$(cut -f1-8 log 2>/dev/null)" "secret" "no output in the log"

run 5 "$HELPER" closed-fd 2 "$PRUN" --joblog log 'echo out; echo secret >&2 #' ::: 1
is "$(cat "$out")" "out" "stderr closed: stdout is right"
is "$(cut -f1-8 log | grep -c secret)" 0 "stderr closed: nothing in the log"
run 5 "$HELPER" closed-fd 0 "$PRUN" -k 'cat; echo {}' ::: 1 2
is "$ended:$(cat "$out")" "exit 0:1
2" "stdin closed: with ::: all is right"

done_testing
