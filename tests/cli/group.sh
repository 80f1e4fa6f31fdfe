#!/bin/sh
# group: by default a job's output is printed when the job ended, and that
# of two jobs is never mixed, on stdout and on stderr.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# Each writes half, waits for the other's half, writes the rest.
cat >job <<'END'
echo "$1 one"; echo "$1 err" >&2
touch "half.$1"
"$HELPER" await "half.$2"
echo "$1 two"; echo "$1 err two" >&2
END
run 10 "$PRUN" -j2 -n2 'sh job {1} {2}' ::: a b b a
is "$ended" "exit 0" "both jobs end"
first=$(head -c1 "$out")
case $first in a) second=b ;; *) second=a ;; esac
is "$(cat "$out")" "$first one
$first two
$second one
$second two" "stdout: one job, then the other"
first=$(head -c1 "$err")
case $first in a) second=b ;; *) second=a ;; esac
is "$(cat "$err")" "$first err
$first err two
$second err
$second err two" "stderr: one job, then the other"

start 10 "$PRUN" 'echo early; touch said; "$HELPER" await go; echo late #' ::: 1
ok "the job has written" wait_until 5 test -e said
sleep 0.2
is "$(cat "$out")" "" "not yet printed"
touch go
finish
is "$(cat "$out")" "early
late" "printed at its end"

seq 40 >in
run 20 "$PRUN" -j8 --tag '"$HELPER" write 102400 #' <in
is "$ended" "exit 0" "40 jobs of 100 KiB"
cut -f1 "$out" | uniq >blocks
is "$(wc -l <blocks)" 40 "each job's lines are one block"
"$HELPER" write 102400 >one
xargs -I% cat one <in | sort >want
cut -f2- "$out" | sort >got
is_file got want "and all of them are there"

done_testing
