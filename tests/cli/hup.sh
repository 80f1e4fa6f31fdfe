#!/bin/sh
# hup: SIGHUP: no new jobs, the running ones end in peace; non-zero when
# jobs were left, zero when none was.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

start 10 "$PRUN" -j2 --joblog log 'touch up.{}; "$HELPER" await go; echo end {}' ::: 1 2 3 4
ok "two jobs are up" wait_until 5 many 2 up.
kill -HUP "$pid"
sleep 0.2
ok "the jobs go on" test ! -e "$tap_dir/status"
touch go
finish
is "$(sort "$out")" "end 1
end 2" "the running ended in peace"
isnt "$ended" "exit 0" "jobs were left: not status 0"
isnt "$ended" "timeout" "and it ended"
ok "no new job" test ! -e up.3
is "$(cut -f1,7,8 log | sed 1d | sort | tr '\t\n' ': ')" "1:0:0 2:0:0 " "two rows"

rm -f go up.*
start 10 "$PRUN" -j2 'touch up.{}; "$HELPER" await go; echo end {}' ::: 1 2
ok "the last two are up" wait_until 5 many 2 up.
sleep 0.1
kill -HUP "$pid"
sleep 0.2
touch go
finish
is "$(sort "$out")" "end 1
end 2" "they ended in peace"
is "$ended" "exit 0" "none was left: status 0"

done_testing
