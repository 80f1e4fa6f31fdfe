#!/bin/sh
# values: columns, links, groups: what the tables of tests/compat do not say.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

prun() {
	"$PRUN" -k "$@" 2>&1
}

printf '"a,1","b ""q""",c\n"two\nlines",x,y\r\n' >in.csv
is "$(prun --csv -a in.csv 'printf "[%s]" {1} {2} {3}; echo')" '[a,1][b "q"][c]
[two
lines][x][y]' "--csv"
is "$(printf 'a;b\n' | prun --csv --colsep ';' echo '{2}{1}')" "ba" "--csv with --colsep"
printf '"a,1","b' >bad.csv
run 10 "$PRUN" --csv -a bad.csv echo
is "$ended" "exit 1" "CSV without a closing quote is a failed job"
like "$(cat "$err")" "job 1: CSV: no closing quote" "it says so"
printf '"a"b,c\nd,e\n' >bad.csv
run 10 "$PRUN" --csv -a bad.csv echo
is "$(cat "$out")" "d e" "the other records run"

is "$( (printf 'a\n'; "$HELPER" pause 200 b) | prun --link -a - echo ::: 1 2)" "a 1
b 2" "--link with a slow input"
is "$( (printf 'x'; "$HELPER" pause 200 ,y; echo 1,2) | prun --header : --colsep , echo '{y}{x}')" "21" "--header waits for a slow input"
is "$(prun --link echo ::: a b :::)" "a 
b " "--link with an empty input"
is "$(yes | head -n 100000 | prun -X true | wc -l)" "0" "-X with many values"
is "$(prun -X --dry-run 'echo "a{}b" {}; true' ::: 1 '2 3')" 'echo "a1b" 1; true
echo "a2 3b" '"'2 3'; true" "-X and quotes"
is "$(prun -j1 -X --dry-run 'echo "a{} x" {}' ::: 1 2)" 'echo "a1 2 x" 1 2' "-X does not tear quotes"
head -c 200000 /dev/zero | tr '\0' a >long
printf '\nb\n' >>long
run 10 "$PRUN" -k -X -a long echo
is "$ended $(cat "$out")" "exit 1 b" "-X: a value that is too long fails alone"
run 10 "$PRUN" -k -s 8 echo ::: 1 1234567 2
is "$ended $(tr '\n' ' ' <"$out")" "exit 1 1 2 " "-s: a command that is too long is a failed job"
like "$(cat "$err")" "12 bytes, and -s allows 7: 1234567" "it says so"
run 10 "$PRUN" -k -j1 -x -s 8 echo ::: 1 1234567 2
is "$ended $(tr '\n' ' ' <"$out")" "exit 255 1 " "-x: it ends the run"

set -f
for case in ":::+ a|before it, and there is none" "--colsep ( echo ::: a|no regular expression" \
	"--colsep .*? echo ::: a|as short as possible" "--trim x echo ::: a|none of n, l, r" \
	"--header x echo ::: a|the first value" "-n1 -N1 echo ::: a|contradict" "-n1 -L1 echo ::: a|contradict" \
	"-m -X echo ::: a|contradict" "--csv -0 echo ::: a|contradict" "-N x echo ::: a|no whole number" \
	"--arg-sep= echo|is empty"; do
	# shellcheck disable=SC2086 # words
	run 10 "$PRUN" ${case%%|*}
	is "$ended" "exit 255" "${case%%|*}: status"
	like "$(cat "$err")" "${case#*|}" "${case%%|*}: message"
done

done_testing
