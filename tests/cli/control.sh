#!/bin/sh
# control: --delay, --load, --memfree, --nice, --retry-delay, --exit.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >stamp <<'END'
#!/bin/sh
date +%s%N | cut -c1-13 >>stamps
exit "${1:-0}"
END
chmod +x stamp

# The least number of milliseconds between two lines of stamps.
least() {
	sort -n stamps | awk 'NR > 1 && (least == "" || $1 - last < least) { least = $1 - last } { last = $1 } END { print least }'
}

run 20 "$PRUN" -j4 --delay 0.2 ./stamp 0 '#{}' ::: 1 2 3 4
is "$ended $(wc -l <stamps)" "exit 0 4" "--delay: all run"
between "$(least)" 150 5000 "--delay: so long between starts"
rm stamps
run 20 "$PRUN" --retries 3 --retry-delay 0.2 ./stamp 1 '#{}' ::: 1
is "$ended $(wc -l <stamps)" "exit 1 3" "--retry-delay: all attempts"
between "$(least)" 150 5000 "--retry-delay: so long between them"
rm stamps
start 20 "$PRUN" --retries 100 --retry-delay 100 --joblog log ./stamp 1 '#{}' ::: 1
wait_until 10 test -s stamps
wait_until 10 sh -c 'ls -d /proc/'"$pid"' >/dev/null'
kill -TERM "$pid"
finish
is "$ended" "signal 15" "--retry-delay: a signal ends the wait"
is "$(log_field 1 7 log)" 1 "and the failed job has its row"

for case in "count|3" "any|1" "max|7" "first|3"; do
	run 10 "$PRUN" -j1 --exit "${case%|*}" 'exit {}' ::: 3 7 5 0
	is "$ended" "exit ${case#*|}" "--exit ${case%|*}"
done
run 10 "$PRUN" -j1 --exit max 'exec "$HELPER" kill-self {}' ::: SEGV
is "$ended" "exit 139" "--exit max: a signal is 128 and its number"
run 10 "$PRUN" --exit max true ::: 1
is "$ended" "exit 0" "--exit max: nothing failed"

run 10 "$PRUN" --load 100000 echo ::: a
is "$(cat "$out")" "a" "--load: there is room"
run 10 "$PRUN" --load 100000% --memfree 1k --noswap echo ::: a
is "$(cat "$out")" "a" "--load N%, --memfree, --noswap: there is room"
start 20 "$PRUN" --memfree 1000P touch ::: ran
wait_until 10 sh -c '[ "$("$HELPER" switches '"$pid"')" -gt 3 ]'
kill -TERM "$pid"
finish
is "$ended:$(ls ran 2>/dev/null)" "signal 15:" "--memfree: no job starts, a signal ends the wait"
run 10 "$PRUN" --nice 7 nice '#{}' ::: a
is "$(cat "$out")" "$(($(nice) + 7))" "--nice"

for case in "--delay x|no duration" "--load x|no load" "--memfree x|no size" "--nice 20|no niceness" \
	"--exit x|none of count" "--retry-delay x|no duration"; do
	# shellcheck disable=SC2086 # words
	run 10 "$PRUN" ${case%%|*} echo ::: a
	is "$ended" "exit 255" "${case%%|*}: status"
	like "$(cat "$err")" "${case#*|}" "${case%%|*}: message"
done

done_testing
