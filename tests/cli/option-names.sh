#!/bin/sh
# option-names: an unknown option names itself and the nearest known one; options
# that contradict each other are named; both are wrong usage.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

nearest() {
	run 5 "$PRUN" "$1" echo ::: 1
	is "$ended:$(cat "$out")" "exit 255:" "$1: wrong usage"
	like "$(cat "$err")" "$1" "$1: named"
	like "$(cat "$err")" "$2([^a-z-]|\$)" "$1: the nearest is $2"
}
nearest --keep-ordr --keep-order
nearest --jobz --jobs
nearest --joblogg --joblog
nearest --timeot --timeout
nearest --dry-rum --dry-run
nearest --retris --retries
for pair in "-u --lb" "--group --ungroup"; do
	# shellcheck disable=SC2086 # two options
	run 5 "$PRUN" $pair echo ::: 1
	is "$ended:$(cat "$out")" "exit 255:" "$pair: wrong usage"
	isnt "$(cat "$err")" "" "$pair: a message"
done
run 5 "$PRUN" -u --lb echo ::: 1
like "$(cat "$err")" "(-u|--ungroup).*(--lb|--line-buffer)|(--lb|--line-buffer).*(-u|--ungroup)" "both are named"
run 5 "$PRUN" --timeout
like "$(cat "$err")" "timeout" "an option without its value is named"
run 5 "$PRUN" -j nonsense echo ::: 1
like "$(cat "$err")" "nonsense" "a bad value is named"

done_testing
