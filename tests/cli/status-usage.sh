#!/bin/sh
# status-usage: wrong usage is status 255, said on stderr, and runs nothing.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

wrong() {
	name=$1
	shift
	run 5 "$PRUN" "$@"
	is "$ended" "exit 255" "$name: status 255"
	is "$(cat "$out")" "" "$name: nothing on stdout"
	isnt "$(cat "$err")" "" "$name: said on stderr"
	ok "$name: no job ran" test ! -e ran
	rm -f ran
}

wrong "unknown option" --no-such-option touch ran ::: 1
wrong "unknown short option" -% touch ran ::: 1
wrong "bad number of jobs" -j seven touch ran ::: 1
wrong "bad halt" --halt perhaps,fail=1 touch ran ::: 1
wrong "bad timeout" --timeout long touch ran ::: 1
wrong "bad retries" --retries x touch ran ::: 1
wrong "missing argument" --joblog
wrong "value for a flag" --keep-order=3 touch ran ::: 1

done_testing
