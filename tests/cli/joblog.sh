#!/bin/sh
# joblog: --joblog has GNU parallel's nine columns, a row a job, written
# whole, also when a value holds newlines or tabs.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 10 "$PRUN" -k -j1 --joblog log 'echo {}; exit {}' ::: 0 3
is "$ended" "exit 1" "status"
is "$(head -n1 log)" "Seq	Host	Starttime	JobRuntime	Send	Receive	Exitval	Signal	Command" "header"
is "$(wc -l <log)" 3 "a row a job"
is "$(awk -F '\t' 'NF != 9' log)" "" "nine columns each"
is "$(log_field 1 2 log)" ":" "host"
like "$(log_field 1 3 log)" '^ *[0-9]{10}\.[0-9]{3}$' "start: seconds with three decimals"
like "$(log_field 1 4 log)" '^ *[0-9]+\.[0-9]{3}$' "run time"
is "$(log_field 1 5 log)" 0 "bytes sent"
is "$(log_field 1 6 log)" 2 "bytes received"
is "$(log_field 1 7 log)" 0 "exit value"
is "$(log_field 2 7 log)" 3 "exit value of the failed"
is "$(log_field 1 8 log)" 0 "signal"
is "$(log_field 2 9 log)" "echo 3; exit 3" "command"
today=$(date +%s)
between "$(log_field 1 3 log | cut -d. -f1)" $((today - 20)) $((today + 1)) "the start is now"

run 10 "$PRUN" --joblog log 'exec "$HELPER" kill-self' ::: SEGV
is "$ended:$(log_field 1 8 log)" "exit 1:11" "the signal that ended a job"
run 10 "$PRUN" --joblog log 'sleep 0.3 #' ::: 1
like "$(log_field 1 4 log)" '^ *0\.[3-9]' "run time of 0.3 s"

printf 'a\nb\0c\td\0e\rf\0' >in
run 10 "$PRUN" -0 --joblog log true <in
is "$(wc -l <log)" 4 "values with newlines keep a row a job"
is "$(awk -F '\t' 'NF < 9' log)" "" "and their columns"

# Looked at while it is written: always whole rows.
seq 400 >in
start 20 "$PRUN" -j4 --joblog live true <in
torn=
until over; do
	tail -c1 live >last 2>/dev/null
	if [ -s last ] && [ -n "$(cat last)" ]; then
		torn=yes
	fi
done
finish
is "$torn" "" "no torn row is ever seen"
is "$(wc -l <live)" 401 "400 rows"
is "$(cut -f1 live | sed 1d | sort -n | uniq | wc -l)" 400 "each job once"

done_testing
