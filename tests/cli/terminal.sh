#!/bin/sh
# terminal: on a terminal: Ctrl-C ends all, Ctrl-Z stops all and fg goes on,
# Ctrl-\ ends all, and so does the terminal's hang-up.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 15 "$HELPER" pty -k 'go 2=^C' "$PRUN" -u -j2 'echo go {}; sleep 60 & sleep 60' ::: 1 2 3
is "$ended" "exit 130" "^C: dies by SIGINT"
ok "^C: nothing left" wait_until 1 none_left
unlike "$(cat "$out")" "go 3" "^C: no new job"

# shellcheck disable=SC1003 # no quote is meant
run 15 "$HELPER" pty -k 'go 2=^\' "$PRUN" -u -j2 'echo go {}; sleep 60 & sleep 60' ::: 1 2
is "$ended" "exit 131" "^\\: dies by SIGQUIT"
ok "^\\: nothing left" wait_until 3 none_left

run 15 "$HELPER" pty -p 600 -k 'go 2=^Z' "$PRUN" -u -j2 'echo go {}; "$HELPER" ids >ids.{}; i=0; while [ $i -lt 20 ]; do sleep 0.02; echo tick; i=$((i + 1)); done; echo end {}' ::: 1 2
is "$ended" "exit 0" "^Z and fg: ends well"
between "$(grep -c '\[stopped\]' "$out")" 1 1 "it stopped, once"
tr -d '\r' <"$out" | sed -n '/\[stopped\]/,/\[continued\]/p' >pause
between "$(grep -c tick pause)" 0 2 "the jobs were silent meanwhile"
is "$(tr -d '\r' <"$out" | grep -c 'end [12]')" 2 "both went on to their end"
is "$(tr -d '\r' <"$out" | grep -c tick)" 40 "nothing is lost"

# The terminal goes away: no new jobs, and in the end nobody is left.
run 15 "$HELPER" pty -k 'go 2=HANGUP' "$PRUN" -u -j2 'echo go {}; touch up.{}; sleep 0.5' ::: 1 2 3 4 5 6
ok "hang-up: nothing left" wait_until 5 none_left
ok "hang-up: no new job" test ! -e up.5

done_testing
