#!/bin/sh
# timeout: --timeout ends a job that takes longer: counted as failed, logged
# so, its partial output printed; the others are not touched.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

clock
t=$now
run 10 "$PRUN" -k -j3 --timeout 0.5 --joblog log 'echo begin {}; sleep {}; echo end {}' ::: 0.1 60 0.2
is "$ended" "exit 1" "one failure"
since "$t"
between "$elapsed" 50 350 "after half a second, in 1/100 s"
is "$(cat "$out")" "begin 0.1
end 0.1
begin 60
begin 0.2
end 0.2" "partial output"
isnt "$(log_field 2 7 log):$(log_field 2 8 log)" 0:0 "its row is no success"
is "$(log_field 1 7 log):$(log_field 1 8 log)" 0:0 "the others' are"
ok "nothing left" none_left
run 10 "$PRUN" --timeout 1 --retries 2 --joblog log 'echo x >>tries; [ "$(wc -l <tries)" = 2 ] || exec sleep 60 #' ::: 1
is "$ended" "exit 0" "with --retries: tried again"
run 10 "$PRUN" --timeout 1m 'echo {}' ::: 1
is "$ended:$(cat "$out")" "exit 0:1" "a unit is understood"

done_testing
