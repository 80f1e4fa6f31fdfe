#!/bin/sh
# input-slow: a job starts as soon as its line is there, not a line later.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkfifo pipe
exec 7<>pipe
start 20 "$PRUN" -j2 --lb 'echo got {}; touch got.{}' <pipe
for i in 1 2 3; do
	printf '%s\n' $i >&7
	ok "line $i: its job runs at once" wait_until 2 test -e got.$i
	ok "line $i: its output is seen" wait_until 2 has "$out" "got $i"
done
printf 'half' >&7
sleep 0.1
ok "half a line is not an input" test ! -e got.half
printf 'way\n' >&7
ok "until its end is there" wait_until 2 test -e got.halfway
exec 7>&-
finish
is "$ended" "exit 0" "ends with the input"
# In the default output too.
exec 7<>pipe
start 20 "$PRUN" -k 'echo got {}' <pipe
printf 'a\n' >&7
ok "-k, grouped: seen before the next line comes" wait_until 2 has "$out" "got a"
exec 7>&-
finish

done_testing
