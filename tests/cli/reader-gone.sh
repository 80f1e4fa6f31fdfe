#!/bin/sh
# reader-gone: the reader of stdout goes away: few more jobs start, prun dies by
# SIGPIPE and says nothing.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

seq 2000 >in
piped() {
	"$HELPER" limit 20 "$tap_dir/status" "$PRUN" "$@" 2>"$err"
}
for how in --group -k --lb; do
	rm -f ran
	piped $how -j2 'echo x >>ran; echo {}' <in | head -n1 >got
	tap_ended
	is "$ended" "signal 13" "$how: dies by SIGPIPE"
	is "$(cat "$err")" "" "$how: no message"
	is "$(wc -l <got)" 1 "$how: the reader got its line"
	between "$(wc -l <ran)" 1 400 "$how: the run ended early"
done
rm -f ran
# No reader from the start.
mkfifo pipe
exec 7<>pipe
exec 6>pipe 7<&-
"$HELPER" limit 20 "$tap_dir/status" "$PRUN" -j2 'echo x >>ran; echo {}' <in >&6 2>"$err" 6>&-
tap_ended
exec 6>&-
is "$ended" "signal 13" "no reader from the start: dies by SIGPIPE"
between "$(wc -l <ran)" 1 20 "few jobs start"
# A caller that ignores SIGPIPE sees another failure.
rm -f ran
"$HELPER" limit 20 "$tap_dir/status" "$HELPER" ignore PIPE "$PRUN" -j2 'echo x >>ran; echo {}' <in 2>"$err" | head -n1 >got
tap_ended
isnt "$ended" "exit 0" "SIGPIPE ignored: not status 0"
isnt "$ended" "timeout" "SIGPIPE ignored: ends"
between "$(wc -l <ran)" 1 400 "SIGPIPE ignored: the run ended early"
ok "the jobs that ran are gone" wait_until 3 none_left

done_testing
