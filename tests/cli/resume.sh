#!/bin/sh
# resume: a run that was killed goes on where its job log says it was: no
# finished job again, none left out; by number and by content.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

seqs() {
	tail -n +2 log | cut -f1 | sort -n | tr '\n' ' '
}

"$PRUN" -k --joblog log 'echo {}; exit {}' ::: 0 1 0 2 >first
is "$("$PRUN" -k --joblog log --resume 'echo {}; exit {}' ::: 0 1 0 2 5 6)" "5
6" "--resume runs what the log has not"
is "$("$PRUN" -k --joblog log --resume-failed 'echo again {}' ::: 0 1 0 2 5 6)" "again 1
again 2
again 5
again 6" "--resume-failed also what failed"
is "$("$PRUN" -k --joblog log --resume-failed 'echo again {}' ::: 0 1 0 2 5 6)" "" "which has succeeded now"
is "$(seqs)" "1 2 2 3 4 4 5 5 6 6 " "the log has all rows"

"$PRUN" --joblog log 'echo "{}
x"; exit {}' ::: 0 3 0 4 >first
run 10 "$PRUN" -k --joblog log --retry-failed
is "$ended $(tr '\n' ' ' <"$out")" "exit 2 3 x 4 x " "--retry-failed runs the commands of the log"
is "$(seqs)" "1 2 2 3 4 4 " "under their numbers"
run 10 "$PRUN" --joblog log --retry-failed echo ::: a
is "$ended" "exit 255" "--retry-failed takes no command"
like "$(cat "$err")" "leave the command" "it says so"

"$PRUN" --joblog log true ::: a
"$PRUN" --joblog +log true ::: b
is "$(seqs)" "1 1 " "+FILE adds rows"
printf '2\t:\t123' >>log
is "$("$PRUN" --joblog log --resume echo ::: a b)" "b" "a torn row counts for nothing"
is "$(awk -F '\t' 'NF != 9' log)" "" "and is gone"
cp log before
is "$("$PRUN" -k --dry-run --joblog log --resume echo ::: a b c)" "echo c" "--dry-run shows what would run"
is_file log before "and leaves the log alone"

rm -f log
"$PRUN" --joblog log true '{}' ::: a b c b
is "$("$PRUN" -k --dry-run --joblog log --resume --resume-by content true ::: b d b c a b)" "true d
true b" "--resume-by content: moved, new and doubled inputs"
printf 'a\nb\0c\0' >in
rm -f log
"$PRUN" -0 --joblog log 'true {}' <in
is "$("$PRUN" -0 --joblog log --resume-by content 'true {}' <in; tail -n +2 log | wc -l)" "2" "values with newlines"

run 10 "$PRUN" --resume echo ::: a
like "$(cat "$err")" "--resume needs --joblog FILE" "--resume alone"
run 10 "$PRUN" --joblog log --resume-by content 'echo {#}' ::: a
like "$(cat "$err")" "the number of the job" "content with {#}"
echo hello >other
run 10 "$PRUN" --joblog other --resume echo ::: a
is "$ended $(cat other)" "exit 255 hello" "a file that is no job log is left alone"
run 10 "$PRUN" --resume-by x --joblog log echo ::: a
like "$(cat "$err")" "none of number, content" "--resume-by something else"

# A job that prun itself ended is unfinished.
rm -f log
run 20 "$PRUN" -j2 --halt now,fail=1 --joblog log '[ {} = 1 ] && exec sleep 100; "$HELPER" await log; exit 1' ::: 1 2 3
is "$(awk -F '\t' '$1 == 1 { print $7 }' log)" "-2" "a job that --halt ended has the exit value -2"
is "$("$PRUN" -k --resume --joblog log echo ::: 1 2 3)" "1
3" "and is run by --resume"

# Killed at any moment, again and again.
finished() {
	tail -n +2 log 2>/dev/null | awk -F '\t' 'NF == 9 && $7 != -2 { sub(/.* /, "", $9); print $9 }' | sort
}
seq 150 >in
for by in number content; do
	rm -f log started.*
	round=0
	again=
	: >before
	while [ "$(wc -l <before)" -lt 150 ] && [ $round -lt 100 ]; do
		round=$((round + 1))
		ROUND=$round
		export ROUND
		start 30 "$PRUN" -j4 --joblog log --resume --resume-by $by 'echo {} >>"started.$ROUND"; : {}' <in
		wait_until 10 test -s started.$round
		kill -KILL "$pid" 2>/dev/null
		finish
		sort started.$round >now
		again=$again$(comm -12 before now)
		finished >before
	done
	is "$again" "" "by $by: what the log has is not run again"
	ROUND=last
	run 30 "$PRUN" -j4 --joblog log --resume --resume-by $by 'echo {} >>"started.$ROUND"; : {}' <in
	is "$ended" "exit 0" "by $by: the last run"
	is "$(finished | wc -l) $(finished | sort -u | wc -l)" "150 150" "by $by: each job has one row that says it is done"
	is "$(cat started.* | sort -un | wc -l)" 150 "by $by: each was run"
	ok "by $by: killed some times" test $round -gt 2
done

done_testing
