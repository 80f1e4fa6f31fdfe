#!/bin/sh
# tag: --tag puts the values and a tab before each line, on stdout and on
# stderr; several values are joined by a space.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$PRUN" -k --tag 'echo {}; echo two' ::: a 'b c'
is "$(cat "$out")" "a	a
a	two
b c	b c
b c	two" "each line of stdout"
run 5 "$PRUN" --tag 'echo no >&2 #' ::: a
is "$(cat "$err")" "a	no" "stderr"
run 5 "$PRUN" -k --tag echo ::: a b ::: 1 2
is "$(cat "$out")" "a 1	a 1
a 2	a 2
b 1	b 1
b 2	b 2" "two sources"
run 5 "$PRUN" -k --tag -n2 echo ::: a b 1 2
is "$(cat "$out")" "a b	a b
1 2	1 2" "-n2"
run 5 "$PRUN" --tag --lb echo ::: x
is "$(cat "$out")" "x	x" "--lb"
run 5 "$PRUN" --tag 'printf %s' ::: a
is "$(cat "$out")" "a	a" "a last line without newline"
run 5 "$PRUN" --tag true ::: a
is "$(cat "$out")" "" "no output, no tag"
value='%s\n{}$(touch ran)'
run 5 "$PRUN" --tag 'printf "%s\n"' ::: "$value"
is "$(cat "$out")" "$value	$value" "the tag is the value, not a format"
ok "nothing ran" test ! -e ran

done_testing
