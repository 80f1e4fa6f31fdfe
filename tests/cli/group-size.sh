#!/bin/sh
# group-size: -n takes at most so many values, and a value that cannot be used keeps its place.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

seq 100000 | "$PRUN" -k -n 100000 echo >got
is "$(tr ' ' '\n' <got | cksum)" "$(seq 100000 | cksum)" "every value is there"
ok "in several commands" test "$(wc -l <got)" -gt 1
{ printf 'a1\nb1\n'; head -c 200000 /dev/zero | tr '\0' x; printf '\nb2\na3\nb3\n'; } >in
"$PRUN" -k -n2 'echo {1} {2}' <in >"$out" 2>"$err"
is "$?" 1 "a value too long: its group fails"
is "$(cat "$out")" "a1 b1
a3 b3" "and the others are as they were"
sed 1,2d in | "$PRUN" -k "echo {1} {2}" :::: - ::: x y >"$out" 2>"$err"
is "$?" 2 "in a product it fails each of its jobs"
is "$(wc -l <"$out" | tr -d ' ')" 6 "and no other"

done_testing
