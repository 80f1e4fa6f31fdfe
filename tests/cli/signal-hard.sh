#!/bin/sh
# signal-hard: jobs that ignore SIGTERM, stopped ones, those in their own session,
# and background processes do not outlive a SIGTERM of prun.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
touch "up.$1"
case $1 in
1) exec "$HELPER" ignore-term ;;
2) exec "$HELPER" stop-self ;;
3) "$HELPER" setsid-sleep TERM; touch late.3; sleep 60 ;;
4) sleep 60 & exec sleep 60 ;;
esac
END
start 20 "$PRUN" -k -j4 --joblog log 'exec sh job {}' ::: 1 2 3 4
ok "four jobs are up" wait_until 5 many 4 up.
ok "the daemon too" wait_until 5 test -e late.3
clock
t=$now
kill -TERM "$pid"
finish
since "$t"
is "$ended" "signal 15" "dies by it"
between "$elapsed" 0 450 "after the grace, in 1/100 s"
ok "nothing left" wait_until 1 none_left
like "$(cat "$out")" "ready" "partial output"
is "$(wc -l <log)" 5 "four rows"

done_testing
