#!/bin/sh
# input-end: no newline at the end of the input: the last line is an input too;
# an empty line is one as well.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

printf 'a\nb' >in
run 5 "$PRUN" -k 'echo {}' <in
is "$ended:$(cat "$out")" "exit 0:a
b" "no newline at the end"
printf 'a\0b' >in
run 5 "$PRUN" -0 -k 'echo {}' <in
is "$ended:$(cat "$out")" "exit 0:a
b" "-0 without NUL at the end"
printf 'a\n\nb\n' >in
run 5 "$PRUN" -k 'echo "<{}>"' <in
is "$ended:$(cat "$out")" "exit 0:<a>
<>
<b>" "an empty line"
printf '\n' >in
run 5 "$PRUN" -k 'echo "<{}>"' <in
is "$ended:$(cat "$out")" "exit 0:<>" "only an empty line"
run 5 "$PRUN" -r -k 'echo "<{}>"' <in
is "$ended:$(cat "$out")" "exit 0:" "-r: no job for empty input"
printf 'a\r\nb\r\n' >in
run 5 "$PRUN" -k "$HELPER" argv <in
is "$(tr '\0\r' '\n~' <"$out")" "2:a~
2:b~" "a carriage return belongs to the value"

done_testing
