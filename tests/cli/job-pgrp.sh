#!/bin/sh
# job-pgrp: every job has a process group of its own, in prun's session.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$PRUN" -k -j2 'exec "$HELPER" ids #' ::: 1 2
first=$(sed -n 1p "$out")
second=$(sed -n 2p "$out")
word() {
	printf '%s\n' "$1" | cut -d' ' -f"$2"
}
is "$(word "$first" 2)" "$(word "$first" 4)" "the first leads its group"
is "$(word "$second" 2)" "$(word "$second" 4)" "the second its own"
isnt "$(word "$first" 4)" "$(word "$second" 4)" "they are two"
mine=$("$HELPER" ids)
is "$(word "$first" 6)" "$(word "$mine" 6)" "the session is the caller's"
run 10 "$PRUN" "$HELPER" ::: ids
is "$(word "$(cat "$out")" 2)" "$(word "$(cat "$out")" 4)" "executed directly too"

done_testing
