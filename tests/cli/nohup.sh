#!/bin/sh
# nohup: SIGHUP that the caller ignores (nohup) stays ignored, in prun and in
# the jobs.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

start 10 "$HELPER" ignore HUP "$PRUN" -j1 'touch up.{}; "$HELPER" await go; "$HELPER" sigs >sigs.{}' ::: 1 2
ok "the first job is up" wait_until 5 test -e up.1
kill -HUP "$pid"
sleep 0.1
touch go
finish
is "$ended" "exit 0" "goes on to the end"
ok "with new jobs" test -e up.2
"$HELPER" plain "$HELPER" ignore HUP "$HELPER" sigs >want
is_file sigs.1 want "ignored in a job"
is_file sigs.2 want "in each"

done_testing
