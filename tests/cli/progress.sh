#!/bin/sh
# progress: --bar and --eta: on stderr when it is a terminal, never mixed with
# output, gone at the end; nothing when stderr is no terminal.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

for how in --bar --eta; do
	run 10 "$PRUN" $how -k 'echo {}' ::: 1 2 3
	is "$ended:$(cat "$out")" "exit 0:1
2
3" "$how: no terminal: stdout"
	is "$(cat "$err")" "" "$how: no terminal: nothing on stderr"

	rm -f file
	run 15 "$HELPER" pty -1 file "$PRUN" $how -j1 'sleep 0.3; echo out {}' ::: 1 2 3 4 5 6 7 8
	is "$ended" "exit 0" "$how: ends well"
	for i in 1 2 3 4 5 6 7 8; do echo "out $i"; done >want
	is_file file want "$how: stdout to a file: just the output"
	case $how in
	--bar) like "$(cat "$out")" '(12|25|37|50|62|75|87)%' "$how: something was shown, and went on" ;;
	--eta) like "$(cat "$out")" 'ETA|left' "$how: something was shown, and went on" ;;
	esac
	is "$("$HELPER" screen <"$out")" "" "$how: and is gone in the end"

	run 15 "$HELPER" pty "$PRUN" $how -j2 --lb 'sleep 0.1; echo out {}; sleep 0.1; echo err {} >&2' ::: 1 2 3 4 5 6
	for i in 1 2 3 4 5 6; do echo "err $i"; done >want
	for i in 1 2 3 4 5 6; do echo "out $i"; done >>want
	"$HELPER" screen <"$out" | sort >got
	is_file got want "$how: stdout and stderr on the terminal: only whole lines stay"
	run 15 "$HELPER" pty "$PRUN" $how -j2 'printf "half {}"; sleep 0.2' ::: 1 2 3
	is "$("$HELPER" screen <"$out" | grep -o 'half [0-9]' | sort | tr '\n' ' ')" "half 1 half 2 half 3 " "$how: half lines stay whole"
done
run 15 "$HELPER" pty "$PRUN" -j2 'sleep 0.1; echo {}' ::: 1 2
is "$("$HELPER" screen <"$out" | sort | tr '\n' ' ')" "1 2 " "without them: nothing but the output"

done_testing
