#!/bin/sh
# retries: --retries N: a job that fails is run up to N times; only the last
# attempt's output and status count.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
echo x >>"tries.$1"
n=$(wc -l <"tries.$1")
echo "$1 try $n"
[ "$n" -ge "$2" ]
END
run 10 "$PRUN" -k -j2 -n2 --retries 3 --joblog log 'sh job {1} {2}' ::: a 1 b 2 c 3 d 9
is "$ended" "exit 1" "only the one that failed three times"
is "$(cat "$out")" "a try 1
b try 2
c try 3
d try 3" "the last attempt's output"
is "$(cat tries.a tries.b tries.c tries.d | wc -l) $(wc -l <tries.d)" "9 3" "as many runs as needed"
is "$(sed 1d log | cut -f1,7 | sort | tr '\t\n' ': ')" "1:0 2:0 3:0 4:1 " "a row a job"
rm -f tries.*
run 10 "$PRUN" --retries 3 --halt now,fail=1 'sh job {} 3' ::: a
is "$ended" "exit 0" "only a final failure halts"

done_testing
