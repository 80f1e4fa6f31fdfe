#!/bin/sh
# input-nul: a NUL inside a line is an error that names the line and -0; never is
# an argument altered.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

printf 'aa\nbb\0cc\ndd\n' >in
run 5 "$PRUN" -k 'echo got {}' <in
isnt "$ended" "exit 0" "not status 0"
isnt "$ended" "timeout" "ends"
like "$(cat "$err")" "line 2|:2:|record 2" "the message names the line"
like "$(cat "$err")" "-0" "and the way out"
unlike "$(cat "$out")" "bb|cc" "no altered argument"
run 5 "$PRUN" -k "$HELPER" argv <in
unlike "$(tr '\0' '\n' <"$out")" "bb|cc" "executed directly neither"
run 5 "$PRUN" -k -a in 'echo got {}'
isnt "$ended" "exit 0" "-a: not status 0"
unlike "$(cat "$out")" "bb|cc" "-a: no altered argument"
run 5 "$PRUN" -0 -k 'echo {}' <in
is "$ended:$(cat "$out")" "exit 0:aa
bb
cc
dd" "with -0 it is a separator"

done_testing
