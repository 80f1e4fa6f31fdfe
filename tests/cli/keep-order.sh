#!/bin/sh
# keep-order: -k prints in the order of the input, also behind a slow head, and
# loses nothing when a job fails.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
[ "$1" = 1 ] && { "$HELPER" await done.2; "$HELPER" await done.3; sleep 0.1; }
echo "out $1"
touch "done.$1"
END
run 10 "$PRUN" -k -j3 'sh job {}' ::: 1 2 3
is "$ended" "exit 0" "ends well"
is "$(cat "$out")" "out 1
out 2
out 3" "in input order"
rm -f done.*
run 10 "$PRUN" -j3 'sh job {}' ::: 1 2 3
is "$(tail -n1 "$out")" "out 1" "without -k: as they end"

seq 300 >in
run 20 "$PRUN" -k -j8 'echo {}; [ $(({} % 7)) != 0 ]' <in
is_file "$out" in "300 jobs, some failing"
is "$ended" "exit 42" "the failures are counted"

# The head's own lines come as it writes them with --lb.
start 10 "$PRUN" -k --lb -j2 'echo start {}; touch up.{}; "$HELPER" await go{}' ::: 1 2
ok "-k --lb: the head's line is live" wait_until 5 has "$out" "start 1"
ok "the second has written too" wait_until 5 test -e up.2
touch go2
sleep 0.1
is "$(cat "$out")" "start 1" "but waits for the head's end"
touch go1
finish
is "$(cat "$out")" "start 1
start 2" "then it follows"

# Memory does not grow with what waits behind a slow head: I7.
start 20 "$PRUN" -k -j2 'if [ {} = 1 ]; then "$HELPER" await go; else "$HELPER" write 20000000; touch big.{}; fi' ::: 1 2 3 4
ok "60 MB wait behind the head" wait_until 15 many 3 big.
touch go
finish
is "$ended:$(wc -c <"$out")" "exit 0:60000000" "all of it is printed"
if sanitized; then
	skip "resident memory" "a sanitizer build"
else
	between "$maxrss" 0 32768 "resident memory in KiB"
fi

done_testing
