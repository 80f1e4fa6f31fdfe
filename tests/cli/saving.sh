#!/bin/sh
# saving: --results, --files, -v, --tagstring: what the tables of tests/compat do
# not say.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

"$PRUN" --results res --header : true ::: x a . .. '' 'a/../../b' "$(printf 'n\nl')"
is "$(find res -name seq -printf x)" xxxxxx "hostile values: a folder each"
is "$(find . -newer res -name seq ! -path './res/*')" "" "none outside of the folder"
printf 'a\377"\\\n' >bytes
"$PRUN" --results x.json cat ::: bytes
is "$(sed 's/.*"Stdout": //' x.json)" '"a\udcff\"\\\u000a", "Stderr": "" }' "JSON: bytes that are no UTF-8"
ok "it is JSON" python3 -c 'import json; json.load(open("x.json"))'
"$PRUN" --results x.csv 'printf "a,\"b\n"' ::: 1
ok "it is CSV" python3 -c 'import csv; assert list(csv.DictReader(open("x.csv")))[0]["Stdout"] == "a,\"b\n"'
"$PRUN" --results big '"$HELPER" write 5000000 #' ::: 1
is "$(wc -c <big/1/1/stdout)" 5000000 "output that was spilled"
run 10 "$PRUN" --results /dev/null/x echo ::: a
is "$ended" "exit 255" "a folder that cannot be made"
like "$(cat "$err")" "--results: /dev/null/x: Not a directory" "it is named"
run 10 "$PRUN" --results /no/such/x.csv echo ::: a
is "$ended" "exit 255" "a table that cannot be made"
run 10 sh -c 'ulimit -f 8; trap "" XFSZ; exec "$@"' sh "$PRUN" --results x.csv '"$HELPER" write 100000 #' ::: 1
is "$ended" "exit 255" "a table that cannot be written"
like "$(cat "$err")" "--results: x.csv: File too large" "it says so"
run 10 "$PRUN" -j1 --halt now,fail=1 --results half 'echo {}; [ {} = 2 ] && exit 1; :' ::: 1 2 3
is "$(cat half/1/1/stdout half/1/2/stdout)" "1
2" "--results with --halt"
run 10 "$PRUN" --tmpdir /no/such --files echo ::: a
is "$ended" "exit 255" "--files where there is no folder"
mkdir files
run 10 "$PRUN" --tmpdir files --files0 'echo {}; echo e >&2' ::: a
is "$(xargs -0 cat <"$out") $(cat "$err")" "a e" "--files0; standard error is printed"
is "$("$PRUN" -k --tagstring '{= it:upper() =}{#}' --lua 'return it' ::: a)" "A1	a" "--tagstring with --lua"
run 10 "$PRUN" --tagstring '{= ( =}' echo ::: a
is "$ended" "exit 255" "--tagstring with an expression that is none"
for case in "-u --results x" "--lb --files" "--tag --tagstring x" "-u --tagstring x" "--results x --files"; do
	# shellcheck disable=SC2086 # words
	run 10 "$PRUN" $case echo ::: a
	is "$ended" "exit 255" "$case contradict each other"
done

done_testing
