#!/bin/sh
# limit-filesize: RLIMIT_FSIZE: complete output, or a non-zero status and a message;
# never a hang.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run_to /dev/null 20 "$HELPER" rlimit fsize 100000 "$PRUN" -j2 '"$HELPER" write 300000; exit 0' ::: 1 2
isnt "$ended" "timeout" "no hang"
case $ended in
"exit 0") pass "complete" ;;
*) isnt "$(cat "$err")" "" "a message ($ended)" ;;
esac
run 20 "$HELPER" rlimit fsize 100000 "$PRUN" -j2 '"$HELPER" write 90000; exit 0' ::: 1 2
isnt "$ended" "exit 0" "stdout a file that may not grow: not status 0"
isnt "$ended" "timeout" "nor a hang"

done_testing
