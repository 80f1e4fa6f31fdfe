#!/bin/sh
# usr1: SIGUSR1 lists the running jobs on stderr; nothing else changes.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

start 10 "$PRUN" -j2 'touch up.{}; "$HELPER" await go; echo end {}' ::: apple banana cherry
ok "two jobs are up" wait_until 5 many 2 up.
sleep 0.1
kill -USR1 "$pid"
ok "the first is listed" wait_until 3 has "$err" apple
ok "the second is listed" wait_until 3 has "$err" banana
unlike "$(cat "$err")" cherry "what waits is not"
touch go
finish
is "$ended" "exit 0" "the run goes on"
is "$(sort "$out")" "end apple
end banana
end cherry" "with nothing lost"

done_testing
