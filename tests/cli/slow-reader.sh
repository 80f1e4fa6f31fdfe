#!/bin/sh
# slow-reader: a reader that stalls makes prun wait, with bounded memory (I7), and
# loses nothing.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

piped() {
	"$HELPER" limit 30 "$tap_dir/status" "$PRUN" -j2 --group '"$HELPER" write 10000000 #' ::: 1 2 3 4 2>"$err"
}
piped | { "$HELPER" await go; "$HELPER" slow-reader 65536 100; } >count &
sleep 1
touch go
wait
tap_ended
is "$ended" "exit 0" "ends well"
is "$(cat count)" 40000000 "every byte"
if sanitized; then
	skip "resident memory" "a sanitizer build"
else
	between "$maxrss" 0 32768 "resident memory in KiB"
fi

done_testing
