#!/bin/sh
# hygiene: nothing is left on disk, in $TMPDIR neither, also after SIGKILL;
# a full or missing $TMPDIR is no hang and no silent loss.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkdir tmp
TMPDIR=$T/tmp
export TMPDIR
start 20 "$PRUN" -k -j4 'if [ {} = 1 ]; then sleep 60; else "$HELPER" write 3000000; touch big.{}; fi' ::: 1 2 3 4
ok "output waits" wait_until 10 many 3 big.
is "$(find tmp -type f)" "" "no name in \$TMPDIR while it runs"
kill -KILL "$pid"
wait_until 3 none_left
finish
is "$(find tmp -mindepth 1)" "" "nothing in \$TMPDIR after SIGKILL"
find . -name 'big.*' -prune -o -name tmp -prune -o -type f -print >files
is "$(grep -v '^./files$' files)" "" "nor in the current folder"
TMPDIR=$T/no/such/folder
export TMPDIR
run 20 "$PRUN" -k -j4 '"$HELPER" write 3000000 #' ::: 1 2 3
if [ "$ended" = "exit 0" ]; then
	is "$(wc -c <"$out")" 9000000 "a missing \$TMPDIR: complete"
else
	isnt "$(cat "$err")" "" "a missing \$TMPDIR: said ($ended)"
fi
isnt "$ended" "timeout" "and no hang"
TMPDIR=/tmp
export TMPDIR

done_testing
