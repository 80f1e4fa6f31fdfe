#!/bin/sh
# retries-timeout: what ended an attempt that took too long does not end the next.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
if [ -e flag ]; then sleep 2.5; echo ok; else touch flag; sleep 100; fi
END
run 20 "$PRUN" --timeout 3 --retries 2 sh job ::: a
is "$ended" "exit 0" "the second attempt has its time"
is "$(cat "$out")" "ok" "and its output"

run 20 "$PRUN" --halt now,fail=1 --timeout 0.5 'trap "exit 0" TERM; sleep 5 & wait #' ::: a
isnt "$ended" "exit 0" "a job that timed out is no success, whatever it says"

done_testing
