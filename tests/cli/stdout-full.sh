#!/bin/sh
# stdout-full: a full disk under stdout is an error: a message and a non-zero
# status, in every kind of output.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

for how in --group --lb -k --tag "-k --lb"; do
	# shellcheck disable=SC2086 # options
	run_to /dev/full 10 "$PRUN" $how -j2 'echo {}' ::: 1 2 3
	isnt "$ended" "exit 0" "$how: not status 0"
	isnt "$ended" "timeout" "$how: ends"
	isnt "$(cat "$err")" "" "$how: a message"
done
seq 1000 >in
run_to /dev/full 20 "$PRUN" -j2 'echo x >>ran; echo' <in
isnt "$ended" "exit 0" "with 1000 jobs: not status 0"
count=$(wc -l <ran)
between "$count" 0 50 "few more jobs start"
run_to /dev/full 5 "$PRUN" --help
isnt "$ended" "exit 0" "--help: not status 0"
isnt "$(cat "$err")" "" "--help: a message"

# A full disk under stderr.
"$HELPER" limit 5 "$tap_dir/status" "$PRUN" 'echo no >&2 #' ::: 1 >"$out" 2>/dev/full
tap_ended
isnt "$ended" "exit 0" "stderr of a job that cannot be written: not status 0"

done_testing
