#!/bin/sh
# line-buffer: --lb prints whole lines as they come: early, and never mixed within
# a line.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
printf '%s%s' "$1" "$1"
touch "half.$1"
"$HELPER" await "half.$2"
printf '%s\n' "$1"
"$HELPER" await go
printf '%s end' "$1"
END
start 10 "$PRUN" --lb -j2 -n2 'sh job {1} {2}' ::: a b b a
ok "a's line is printed while it runs" wait_until 5 has "$out" aaa
ok "b's too" wait_until 5 has "$out" bbb
is "$(sort "$out")" "aaa
bbb" "lines are whole"
touch go
finish
is "$ended" "exit 0" "ends well"
like "$(cat "$out")" "a end" "a last line without newline is printed"
like "$(cat "$out")" "b end" "the other's too"

seq 8 >in
run 20 "$PRUN" --line-buffer -j8 'i=0; while [ $i -lt 300 ]; do printf %s {}; printf %s {}; echo {}; i=$((i + 1)); done' <in
sort "$out" | uniq -c | awk '{ print $1, $2 }' >got
for i in $(seq 8); do echo "300 $i$i$i"; done >want
is_file got want "8 jobs of 300 lines, in three writes each: no line mixed, none lost"

done_testing
