#!/bin/sh
# ungroup: -u gives the jobs prun's own stdout and stderr: output is seen at
# once, half lines too.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

start 10 "$PRUN" -u 'printf half; printf no >&2; "$HELPER" await go; echo rest #' ::: 1
ok "half a line is seen while the job runs" wait_until 5 has "$out" half
ok "on stderr too" wait_until 5 has "$err" no
touch go
finish
is "$ended" "exit 0" "ends well"
is "$(cat "$out")" "halfrest" "all of it came"
run 10 "$PRUN" --ungroup -j2 'exit {}' ::: 0 4
is "$ended" "exit 1" "failures count as ever"

done_testing
