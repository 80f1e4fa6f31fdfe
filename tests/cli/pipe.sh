#!/bin/sh
# pipe: --pipe and --pipe-part: every byte to one job, records whole; slow and
# empty input, jobs that fail or stop reading, errors.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

"$HELPER" write 3000000 >in
"$PRUN" --pipe -k --block 100k cat <in >got
is_file got in "every byte, in order"
"$PRUN" --pipe -j4 --block 70k sort <in | sort >got
sort in | cmp -s - got
is "$?" 0 "every line whole, without -k"
"$PRUN" --pipe-part -a in --block 64k -k cat >got
is_file got in "--pipe-part: every byte"
"$PRUN" --pipe-part -a in --block -3 -j2 -k 'wc -c' >got
is "$(wc -l <got) $(awk '{ s += $1 } END { print s }' got)" "6 $(wc -c <in)" "--block -3: so many blocks a slot"
is "$( (echo a; "$HELPER" pause 200 b) | "$PRUN" --pipe -k -N1 'cat; echo -')" "a
-
b
-" "a slow input"
run 10 "$PRUN" --pipe touch ran </dev/null
is "$ended:$(ls ran 2>/dev/null)" "exit 0:" "no input, no job"
head -c 3000000 /dev/zero | run 20 "$PRUN" --pipe --block 1k 'wc -c'
is "$(cat "$out")" 3000000 "a record that is longer than a block is whole"
yes | run 20 "$PRUN" --pipe -j2 --halt now,done=3 --block 100k 'wc -l >/dev/null'
isnt "$ended" timeout "an endless input"
run 20 "$PRUN" --pipe --block 300k true <in
is "$ended" "exit 0" "a command that reads nothing"
seq 10 | run 20 "$PRUN" --pipe --retries 3 'cat >>all; [ "$(wc -l <all)" = 30 ]'
is "$ended $(sort -n all | uniq -c | awk '$1 == 3' | wc -l)" "exit 0 10" "each attempt gets the whole block"
mkdir files
run 20 "$PRUN" --pipe --cat --tmpdir files -k --block 1M 'cat {}' <in
is_file "$out" in "--cat: every byte"
is "$(ls files)" "" "and no file is left"
run 20 "$PRUN" --pipe --cat --tmpdir files -j2 --halt now,fail=1 false <in
is "$(ls files)" "" "nor after --halt"
printf 'h1\nh2\n1\n2\n3\n' >top
is "$("$PRUN" --pipe -k --header 2 -N2 'cat; echo -' <top)" "h1
h2
1
2
-
h1
h2
3
-" "--header N"
printf 'only\n' >top
is "$("$PRUN" --pipe -k --header : cat <top)" "" "a header and no more: no job"
start 20 "$PRUN" --pipe --joblog log -j1 --block 100k 'cat >/dev/null; exec sleep 100' <in
wait_until 10 test -s log
kill -TERM "$pid"
finish
is "$ended" "signal 15" "a signal ends it"

for case in "--pipe echo ::: a|one input" "--pipe|needs a command" "--pipe-part cat|reads a file" \
	"--pipe-part -a . cat|reads a file" "--pipe -a /no/such cat|No such file" "--pipe --block x cat|no size" \
	"--pipe --block -2 cat|goes with --pipe-part" "--pipe --recend= cat|both empty"; do
	# shellcheck disable=SC2086 # words
	run 10 "$PRUN" ${case%%|*}
	is "$ended" "exit 255" "${case%%|*}: status"
	like "$(cat "$err")" "${case#*|}" "${case%%|*}: message"
done

done_testing
