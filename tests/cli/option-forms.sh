#!/bin/sh
# option-forms: the forms of options: --long=value, --long value, -xvalue, -x value,
# bundles, and -- before a command.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

same() {
	name=$1
	shift
	run 5 "$PRUN" "$@"
	is "$ended:$(cat "$out")" "exit 0:a
b" "$name"
}
same "long with =" --jobs=2 --keep-order echo ::: a b
same "long with a space" --jobs 2 -k echo ::: a b
same "short with a space" -j 2 -k echo ::: a b
same "short, joined" -j2 -k echo ::: a b
same "a bundle" -kj2 echo ::: a b
same "a bundle of flags" -kr echo ::: a b
same "-- ends the options" -k -- echo ::: a b
run 5 "$PRUN" -k echo -n -k ::: a b
is "$(cat "$out")" "-k a-k b" "options behind the command are the command's"

done_testing
