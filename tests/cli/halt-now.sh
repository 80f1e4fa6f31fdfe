#!/bin/sh
# halt-now: --halt now,fail=1: the running jobs are killed, their partial output
# printed and logged, nothing new starts, and the status is the failed job's.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
case $1 in
1) echo partial; touch up; exec sleep 60 ;;
2) "$HELPER" await up; exit 7 ;;
*) touch "ran.$1" ;;
esac
END
clock
t=$now
run 10 "$PRUN" -j2 --joblog log --halt now,fail=1 'sh job {}' ::: 1 2 3 4
is "$ended" "exit 7" "the failed job's status"
since "$t"
between "$elapsed" 0 350 "at once, in 1/100 s"
is "$(cat "$out")" "partial" "partial output of the killed"
ok "nothing new started" test ! -e ran.3
is "$(log_field 2 7 log)" 7 "the failed job's row"
like "$(log_field 1 8 log)" '^(15|9)$' "the killed job's row has its signal"
is "$(wc -l <log)" 3 "no row for what did not run"
run 10 "$PRUN" -j1 --halt now,fail=1 'kill -KILL $$ #' ::: 1 2
is "$ended" "exit 137" "a job killed by 9: 128 + 9, as in GNU parallel"
run 10 "$PRUN" -j1 --halt now,fail=2 'echo {}; exit {}' ::: 0 5 0 6 0
is "$(tr '\n' ' ' <"$out")" "0 5 0 6 " "fail=2: up to the second failure"
isnt "$ended" "exit 0" "which is not status 0"
run 10 "$PRUN" -j1 --halt now,fail=1 'exit {}' ::: 0 0
is "$ended" "exit 0" "no failure: nothing special"

# What ignores SIGTERM, and what left its group, goes too.
cat >hard <<'END'
case $1 in
1) "$HELPER" setsid-sleep TERM; touch up; exec "$HELPER" ignore-term ;;
2) "$HELPER" await up; exit 3 ;;
esac
END
run 10 "$PRUN" -j2 --halt now,fail=1 'sh hard {}' ::: 1 2
is "$ended" "exit 3" "a job that ignores SIGTERM: status"
ok "a job that ignores SIGTERM, and its daemon: nothing left" wait_until 1 none_left

done_testing
