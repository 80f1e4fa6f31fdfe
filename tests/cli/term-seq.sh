#!/bin/sh
# term-seq: --term-seq: the signals and the waits in milliseconds, in that order.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
trap 'echo got HUP' HUP
trap 'echo got USR1' USR1
trap 'echo got TERM' TERM
i=0
while [ $i -lt 600 ]; do sleep 0.05; i=$((i + 1)); done
END
clock
t=$now
run 10 "$PRUN" --timeout 0.3 --term-seq HUP,300,USR1,300,KILL,25 'exec sh job #' ::: 1
since "$t"
is "$ended" "exit 1" "failed"
is "$(grep got "$out")" "got HUP
got USR1" "these signals, in this order"
between "$elapsed" 85 400 "and the waits between, in 1/100 s"
run 5 "$PRUN" --term-seq FOO,200 echo ::: 1
is "$ended:$(cat "$out")" "exit 255:" "an unknown signal is wrong usage"
like "$(cat "$err")" FOO "and named"

done_testing
