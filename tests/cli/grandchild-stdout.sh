#!/bin/sh
# grandchild-stdout: a background grandchild that keeps stdout open does not hang the
# run: exit within 3 s, end of file downstream too, and what it wrote
# meanwhile is there.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

clock
t=$now
run 15 "$PRUN" '"$HELPER" daemon-hold 300 late; echo done' ::: 1
since "$t"
is "$ended" "exit 0" "ends well"
between "$elapsed" 0 320 "within 3 s, in 1/100 s"
like "$(cat "$out")" "done" "the job's output"
like "$(cat "$out")" "late" "what the grandchild wrote 0.3 s later"
ok "the grandchild is gone" wait_until 3 none_left

# Downstream sees the end as well.
clock
t=$now
"$HELPER" limit 15 "$tap_dir/status" "$PRUN" '"$HELPER" daemon-hold 60000 never; echo done #' ::: 1 | cat >got
since "$t"
between "$elapsed" 0 400 "end of file downstream, in 1/100 s"
is "$(cat got)" "done" "with the output"

# Another job still runs when the grandchild writes.
clock
t=$now
run 15 "$PRUN" -k -j2 'if [ {} = 1 ]; then "$HELPER" daemon-hold 300 late wrote; echo one; else "$HELPER" await wrote; sleep 0.1; echo two; fi' ::: 1 2
since "$t"
between "$elapsed" 0 400 "with another job running, in 1/100 s"
is "$(sort "$out")" "late
one
two" "what it wrote meanwhile is there"
run 15 "$PRUN" --lb -j1 '"$HELPER" daemon-hold 60000 never; echo {}' ::: 1 2
is "$ended:$(cat "$out")" "exit 0:1
2" "--lb"

done_testing
