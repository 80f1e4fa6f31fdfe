#!/bin/sh
# nonblock: a stdout that is a non-blocking pipe with a slow reader gets every
# byte.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

"$HELPER" write 300000 >one
cat one one one one >want
for how in --group --lb -k; do
	run 20 "$HELPER" nb-pipe got 8192 1000 "$PRUN" $how -j1 '"$HELPER" write 300000 #' ::: 1 2 3 4
	is "$(cat "$out"):$ended" "bytes 1200000:exit 0" "$how: every byte"
	is_file got want "$how: the right ones"
done

done_testing
