#!/bin/sh
# input-endless: endless input works, is read only as far as needed, and memory does
# not grow with the number of inputs.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

piped() {
	yes value | head -c 2000000000 | "$HELPER" limit 20 "$tap_dir/status" "$PRUN" -j2 --halt now,fail=1 'echo x >>ran; [ "$(wc -l <ran)" -lt 20 ] || exit 3 #'
}
piped >"$out" 2>"$err"
tap_ended
is "$ended" "exit 3" "a halt ends a run on endless input"
between "$(wc -l <ran)" 20 25 "after as many jobs as needed"

# How much was read while the first two jobs run?
mkfifo pipe
"$HELPER" feed taken >pipe 2>/dev/null &
start 20 "$PRUN" -j2 --halt now,fail=1 'echo up >>up; "$HELPER" await go; exit 1 #' <pipe
ok "two jobs are up" wait_until 5 test -s up
sleep 0.3
between "$(sed 's/^0*//' taken)" 1 1200000 "bytes read ahead, a full pipe included"
touch go
finish
is "$ended" "exit 1" "ends"
wait

seq 20000 >in
run 40 "$PRUN" -j2 true <in
is "$ended" "exit 0" "20000 inputs"
if sanitized; then
	skip "resident memory" "a sanitizer build"
else
	between "$maxrss" 0 8192 "resident memory in KiB"
fi

done_testing
