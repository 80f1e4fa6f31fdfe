# shellcheck shell=sh disable=SC2034
# tap.sh: the TAP library of the tests in sh; a test sources it first.
#
# From the environment: PRUN the program under test, HELPER the compiled
# helper.c; both absolute.  Unset, they are those of build/.  PRUN is taken out
# of the environment here, because prun reads its default options there.
#
# What a test gets:
#	$T		a folder of its own, current, removed at the end
#	$HELPER, $T	exported, so that jobs can use them; $PRUN not exported
#	PRUN_TEST_TAG	exported: what marks all processes of this test
#	plan N | done_testing, ok, pass, fail, is, isnt, like, unlike, is_file, between
#	skip, skip_all, need, bail, diag
#	run SECONDS CMD...	sets $status $ended $maxrss; stdout in $out, stderr in $err
#	run_to FILE SECONDS CMD...	the same with stdout going to FILE
#	start SECONDS CMD..., finish	the same in the background; $pid between them
#	wait_until SECONDS CMD...	bounded polling
#	leftovers, none_left, clock
# $ended says how the command ended: "exit 3", "signal 15", "timeout".

set -u
LC_ALL=C
SHELL=/bin/sh
export LC_ALL SHELL
exec </dev/null

tests_dir=$(cd "$(dirname "$0")/.." && pwd) || exit 99
[ -n "${PRUN-}" ] || PRUN=$tests_dir/../build/prun
[ -n "${HELPER-}" ] || HELPER=$tests_dir/../build/tests/helper
tap_prun=$PRUN
unset PRUN PARALLEL PRUN_SHELL PARALLEL_SHELL PRUN_HOME
PRUN=$tap_prun

tap_count=0
tap_failed=0
tap_limit=
status=0
ended=
maxrss=0
pid=
now=0

bail() {
	printf 'Bail out! %s\n' "$*"
	exit 99
}

HELPER_REAL=$HELPER
[ -x "$HELPER" ] || bail "no helper at $HELPER"
[ -x "$PRUN" ] || bail "no program at $PRUN"

tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/prun-test.XXXXXXXX") || bail "no temporary folder"
chmod 755 "$tap_dir"
T=$tap_dir/t
mkdir "$T" || bail "no temporary folder"
cd "$T" || bail "no temporary folder"
out=$tap_dir/out
err=$tap_dir/err
: >"$out"
: >"$err"
# Names without spaces, wherever the program was built: tests need not quote.
ln -s "$PRUN" "$tap_dir/prun"
ln -s "$HELPER" "$tap_dir/helper"
PRUN=$tap_dir/prun
HELPER=$tap_dir/helper

PRUN_TEST_TAG=$(basename "$0").$$.$(basename "$tap_dir")
export HELPER T PRUN_TEST_TAG

leftovers() {
	"$HELPER" leftovers "$PRUN_TEST_TAG"
}

none_left() {
	[ -z "$(leftovers)" ]
}

tap_cleanup() {
	trap '' INT TERM HUP
	tap_try=0
	while [ $tap_try -lt 20 ]; do
		leftovers >"$tap_dir/left"
		[ -s "$tap_dir/left" ] || break
		while read -r tap_pid _; do
			[ "$tap_pid" -gt 1 ] && kill -KILL "$tap_pid" 2>/dev/null
		done <"$tap_dir/left"
		sleep 0.02
		tap_try=$((tap_try + 1))
	done
	cd /
	chmod -R u+rwx "$tap_dir" 2>/dev/null
	rm -rf "$tap_dir"
}
trap tap_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# ---- results ---------------------------------------------------------------

plan() {
	printf '1..%d\n' "$1"
	tap_plan=$1
}

diag() {
	printf '%s\n' "$*" | head -c 3000 | cat -v | sed 's/^/# /'
}

pass() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

fail() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
	shift
	while [ $# -gt 0 ]; do
		diag "$1"
		shift
	done
}

# ok NAME COMMAND...: the command's status is 0.
ok() {
	tap_name=$1
	shift
	if "$@"; then
		pass "$tap_name"
	else
		fail "$tap_name" "failed: $*"
	fi
}

# is GOT EXPECTED NAME
is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3" "expected: $2" "     got: $1"
	fi
}

isnt() {
	if [ "$1" != "$2" ]; then
		pass "$3"
	else
		fail "$3" "not expected: $2"
	fi
}

# like GOT EXTENDED-REGEX NAME; letters' case does not count.
like() {
	if printf '%s\n' "$1" | grep -qiE -e "$2"; then
		pass "$3"
	else
		fail "$3" "expected to match: $2" "              got: $1"
	fi
}

unlike() {
	if printf '%s\n' "$1" | grep -qiE -e "$2"; then
		fail "$3" "expected not to match: $2" "                  got: $1"
	else
		pass "$3"
	fi
}

# is_file GOT EXPECTED NAME: two files of the same bytes.
is_file() {
	if cmp -s "$1" "$2"; then
		pass "$3"
	else
		fail "$3" "$(cmp "$1" "$2" 2>&1)" "$(diff -au "$2" "$1" | cut -c1-200 | head -20)"
	fi
}

# between GOT LOW HIGH NAME
between() {
	if [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; then
		pass "$4"
	else
		fail "$4" "expected: $2 to $3" "     got: $1"
	fi
}

skip() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

skip_all() {
	printf '1..0 # SKIP %s\n' "$*"
	exit 0
}

# need TOOL...: without one of them the whole file is skipped.
need() {
	for tap_tool; do
		command -v "$tap_tool" >/dev/null 2>&1 || skip_all "no $tap_tool here"
	done
}

# Is the program built with a sanitizer?  Then its memory says nothing.
sanitized() {
	grep -q __asan_init "$PRUN"
}

# Ends each file; one more test: no process of this test is left.
done_testing() {
	if wait_until 3 none_left; then
		pass "nothing is left running"
	else
		fail "nothing is left running" "$(leftovers)"
	fi
	[ -n "${tap_plan-}" ] || printf '1..%d\n' "$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}

# ---- commands --------------------------------------------------------------

tap_ended() {
	if [ -s "$tap_dir/status" ]; then
		{ read -r ended && read -r maxrss; } <"$tap_dir/status"
	else
		ended=unknown
	fi
}

run() {
	tap_limit=$1
	shift
	rm -f "$tap_dir/status" "$tap_dir/status.pid"
	"$HELPER" limit "$tap_limit" "$tap_dir/status" "$@" >"$out" 2>"$err"
	status=$?
	tap_ended
}

run_to() {
	tap_to=$1
	tap_limit=$2
	shift 2
	rm -f "$tap_dir/status" "$tap_dir/status.pid"
	"$HELPER" limit "$tap_limit" "$tap_dir/status" "$@" >"$tap_to" 2>"$err"
	status=$?
	tap_ended
}

# Standard input is the caller's, also in the background.
start() {
	tap_limit=$1
	shift
	rm -f "$tap_dir/status" "$tap_dir/status.pid"
	# What runs in the background gets /dev/null, unless it is redirected;
	# 7 is where tests keep a pipe's other end.
	exec 8<&0
	"$HELPER" limit "$tap_limit" "$tap_dir/status" "$@" <&8 8<&- 7<&- >"$out" 2>"$err" &
	tap_background=$!
	exec 8<&-
	wait_until 5 test -s "$tap_dir/status.pid" || bail "cannot start $1"
	read -r pid <"$tap_dir/status.pid"
}

finish() {
	wait "$tap_background"
	status=$?
	tap_ended
}

# over: the command given to start has ended, though not yet waited for.
over() {
	[ -s "$tap_dir/status" ]
}

# clock: sets $now, in hundredths of a second.
clock() {
	read -r now _ </proc/uptime
	now=${now%.*}${now#*.}
}

# since T: hundredths of a second since then, in $elapsed.
since() {
	clock
	elapsed=$((now - $1))
}

wait_until() {
	clock
	tap_end=$((now + $1 * 100))
	shift
	until "$@"; do
		clock
		[ "$now" -lt "$tap_end" ] || return 1
		sleep 0.02
	done
}

# ---- what tests ask for often ----------------------------------------------

# has FILE TEXT: the file has a line which is, or holds, the text.
has() {
	grep -qF -e "$2" "$1" 2>/dev/null
}

# count_lines FILE, into $lines.
count_lines() {
	lines=$(wc -l <"$1")
	lines=$((lines))
}

# many N PREFIX: there are at least N files with that beginning.
many() {
	tap_want=$1
	set -- "$2"*
	[ $# -ge "$tap_want" ] && [ -e "$1" ]
}

# state_is PID LETTER
state_is() {
	[ "$("$HELPER" state "$1")" = "$2" ]
}

# log_field SEQ COLUMN FILE: a field of a job's row.
log_field() {
	awk -F '\t' -v seq="$1" -v col="$2" 'NR > 1 && $1 == seq { print $col }' "$3"
}
