#!/bin/sh
# limit-processes: fork refused (EAGAIN): prun waits and goes on, for 30 s at least;
# every job runs.  Needs a user whose processes are counted.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

if [ "$(id -u)" = 0 ]; then
	need setpriv
	uid=$((50000 + $$ % 10000))
	as() {
		setpriv --reuid="$uid" --regid="$uid" --clear-groups "$@"
	}
	used=0
else
	as() {
		"$@"
	}
	used=$(cat /proc/[0-9]*/status 2>/dev/null | awk -v uid="$(id -u)" '/^Uid:/ { mine = $2 == uid } /^Threads:/ && mine { n += $2 } END { print n }')
fi
# The leak checker at the end of a sanitized program needs a process of its own.
if sanitized; then ASAN_OPTIONS=detect_leaks=0; export ASAN_OPTIONS; fi
as true 2>/dev/null || skip_all "cannot become another user"
as test -x "$PRUN" || skip_all "another user cannot run $PRUN"
chmod 777 .
cp "$HELPER" helper
as ./helper exit 0 || skip_all "another user cannot run the helper"
seq 20 >in

limited() {
	as ./helper limit 40 status ./helper rlimit nproc "$1" "$PRUN" -k -j10 "$2" <in >"$out" 2>"$err"
	read -r ended <status
	rm -f status
}
limited $((used + 6)) 'exec ./helper pause 100 {}'
is "$ended" "exit 0" "room for a few: ends well"
is_file "$out" in "room for a few: all jobs"

# No room at all for two seconds.
sleepers=0
while [ $sleepers -lt 10 ]; do
	as sleep 2 &
	sleepers=$((sleepers + 1))
done
sleep 0.2
limited $((used + 13)) 'exec ./helper pause 1 {}'
is "$ended" "exit 0" "hardly room at first: ends well"
is_file "$out" in "hardly room at first: all jobs"
wait

done_testing
