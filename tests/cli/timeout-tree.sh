#!/bin/sh
# timeout-tree: a timeout reaches the whole tree of a job: background processes,
# those in a session of their own, those that ignore SIGTERM or are stopped.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
case $1 in
background) sleep 60 & sleep 60 & wait ;;
setsid) "$HELPER" setsid-sleep; sleep 60 ;;
setsid-ignoring) "$HELPER" setsid-sleep TERM; sleep 60 ;;
ignoring) exec "$HELPER" ignore-term ;;
stopped) exec "$HELPER" stop-self ;;
deep) sh -c 'sh -c "sh -c \"sleep 60; true\"; true"; true'; true ;;
esac
END
clock
t=$now
run 12 "$PRUN" -j0 --timeout 0.3 --term-seq TERM,200,TERM,100,KILL,25 'sh job {}' ::: background setsid setsid-ignoring ignoring stopped deep
since "$t"
ok "nothing left when prun ended" wait_until 1 none_left
is "$ended" "exit 6" "all six timed out"
between "$elapsed" 30 350 "with that --term-seq: soon, in 1/100 s"

# The default sequence gives two seconds, then SIGKILL.
clock
t=$now
run 12 "$PRUN" --timeout 0.2 '"$HELPER" ignore-term #' ::: 1
since "$t"
is "$ended:$(cat "$out")" "exit 1:ready" "the default ends what ignores SIGTERM"
between "$elapsed" 150 600 "after a grace, in 1/100 s"
ok "nothing left" none_left

done_testing
