#!/bin/sh
# limit-fds: with few descriptors allowed -j100 runs all jobs, fewer at a time.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# What the caller has open counts too: only our own three are left.
exec 3>&- 4>&- 5>&- 6>&- 8>&- 9>&-

seq 100 >in
for n in 12 20; do
	run 30 "$HELPER" rlimit nofile "$n" "$PRUN" -k -j100 'echo {}' <in
	is "$ended" "exit 0" "ulimit -n $n: ends well"
	is_file "$out" in "ulimit -n $n: all jobs"
	run 30 "$HELPER" rlimit nofile "$n" "$PRUN" -j100 --joblog log 'sleep 0.05; echo {}' <in
	is "$ended:$(sort -n "$out" | cksum)" "exit 0:$(cksum <in)" "ulimit -n $n: with a log, long jobs"
done

done_testing
