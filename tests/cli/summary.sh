#!/bin/sh
# summary: failures are seen: a last line on stderr says how many jobs failed
# and names the first, when stderr is a terminal or with --summary.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$HELPER" pty -1 file "$PRUN" -j1 'exit {}' ::: 0 3 5
is "$ended" "exit 2" "two failed"
like "$("$HELPER" screen <"$out")" "2 .*failed|failed.* 2" "a terminal: their number"
like "$("$HELPER" screen <"$out")" "exit 3" "a terminal: the first"
run 10 "$PRUN" -j1 'exit {}' ::: 0 3 5
is "$(cat "$err")" "" "no terminal: nothing"
run 10 "$PRUN" --summary -j1 'exit {}' ::: 0 3 5
like "$(cat "$err")" "2 .*failed|failed.* 2" "--summary: their number"
run 10 "$HELPER" pty -1 file "$PRUN" -j1 'exit {}' ::: 0 0
is "$("$HELPER" screen <"$out")" "" "no failure: nothing"

done_testing
