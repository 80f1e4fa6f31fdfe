#!/bin/sh
# job-fds: a job has descriptors 0 to 2 and the caller's own, no other; and the
# caller's limit on them.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$HELPER" fds
cp "$out" want
run 10 "$PRUN" -j4 --joblog log "$HELPER" ::: fds
is_file "$out" want "executed directly"
run 10 "$PRUN" -j4 -k --joblog log 'exec "$HELPER" fds #' ::: 1 2 3
cat want want want >three
is_file "$out" three "through the shell, with jobs beside it"
run 10 "$PRUN" -k --lb --tag 'exec "$HELPER" fds #' ::: 1
cut -f2 "$out" >got
is_file got want "--lb --tag"
run 10 "$PRUN" -u 'exec "$HELPER" fds #' ::: 1
is_file "$out" want "-u"
seq 3 >list
run 10 "$PRUN" -a list -j1 'exec "$HELPER" fds #'
is_file "$out" three "-a"
exec 5<list
run 5 "$HELPER" fds
cp "$out" want
run 10 "$PRUN" 'exec "$HELPER" fds #' ::: 1
is_file "$out" want "the caller's own descriptor 5 is handed on"
exec 5<&-
# shellcheck disable=SC3045 # dash and bash have -S
before=$(ulimit -S -n)
run 10 "$PRUN" 'ulimit -S -n #' ::: 1
is "$(cat "$out")" "$before" "the limit on descriptors is the caller's"

done_testing
