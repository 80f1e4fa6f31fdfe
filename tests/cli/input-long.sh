#!/bin/sh
# input-long: a line that the kernel takes no argument of fails alone: the jobs
# before and after run, and memory is bounded.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

long() {
	{
		echo before
		"$HELPER" repeat x "$1"
		echo
		echo after
	} >in
}
long 100000
run 10 "$PRUN" -k -j2 'echo {} | wc -c' <in
is "$ended:$(tr '\n' ' ' <"$out")" "exit 0:7 100001 6 " "100 kB works"
long 10000000
for how in shell direct; do
	case $how in
	shell) run 20 "$PRUN" -k -j2 'echo {}; true' <in ;;
	direct) run 20 "$PRUN" -k -j2 /bin/echo '{}' <in ;;
	esac
	is "$ended" "exit 1" "10 MB, $how: one failure"
	is "$(cut -c1-20 "$out")" "before
after" "10 MB, $how: the jobs before and after"
	like "$(cut -c1-2000 "$err")" "too long" "10 MB, $how: the reason"
	between "$(wc -c <"$err")" 1 4000 "10 MB, $how: in a short message"
done
long 100000000
run 30 "$PRUN" -k -j2 'echo {}' <in
is "$ended" "exit 1" "100 MB: one failure"
is "$(cut -c1-20 "$out")" "before
after" "100 MB: the jobs before and after"
between "$(wc -c <"$err")" 1 4000 "100 MB: a short message"
if sanitized; then
	skip "resident memory" "a sanitizer build"
else
	between "$maxrss" 0 32768 "resident memory in KiB"
fi
rm -f in

done_testing
