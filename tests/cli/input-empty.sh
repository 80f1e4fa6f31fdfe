#!/bin/sh
# input-empty: one of several inputs that is empty counts as an empty value; standard input may be closed.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

is "$("$PRUN" -k echo x ::: a :::)" "x a " "the second"
is "$("$PRUN" -k echo x ::: ::: a b)" "x  a
x  b" "the first"
is "$("$PRUN" -k echo x :::)" "" "the only one"
run 5 "$HELPER" closed-fd 0 "$PRUN" echo
is "$ended" "exit 255" "closed standard input is no empty one"
like "$(cat "$err")" "standard input is closed" "and the message says so"

done_testing
