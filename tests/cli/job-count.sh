#!/bin/sh
# job-count: -j: so many jobs at once, never more: N, 0 (as many as there are
# jobs), N%, +N, -N of the CPUs this process may use.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# Each notes how many are in the room, after all who can come have come.
cat >job <<'END'
: >"in.$1"
sleep 0.2
n=0
for f in in.*; do n=$((n + 1)); done
echo $n >>seen
sleep 0.1
rm "in.$1"
END
most() {
	name=$1
	want=$2
	shift 2
	rm -f seen in.*
	run 20 "$@" 'sh job {}' <in
	is "$ended:$(sort -n seen | tail -n1)" "exit 0:$want" "$name"
}
seq 6 >in
most "-j3" 3 "$PRUN" -j3
most "-j 1" 1 "$PRUN" -j 1
most "--jobs 2" 2 "$PRUN" --jobs 2
most "-P2" 2 "$PRUN" -P2
most "--max-procs=3" 3 "$PRUN" --max-procs=3
most "-j0" 6 "$PRUN" -j0
if command -v taskset >/dev/null 2>&1 && taskset -c 0 true 2>/dev/null; then
	most "one CPU allowed: the default" 1 taskset -c 0 "$PRUN"
	most "one CPU allowed: -j200%" 2 taskset -c 0 "$PRUN" -j200%
	most "one CPU allowed: -j+2" 3 taskset -c 0 "$PRUN" -j+2
	most "one CPU allowed: -j-3 is one" 1 taskset -c 0 "$PRUN" -j-3
else
	skip "one CPU allowed" "no taskset"
fi
echo 2 >procs
most "-j FILE" 2 "$PRUN" -j procs

done_testing
