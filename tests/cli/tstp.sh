#!/bin/sh
# tstp: SIGTSTP stops the jobs, and prun itself; SIGCONT lets all go on.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
"$HELPER" ids >"ids.$1"
sh -c 'echo $$ >'"child.$1"'; exec sleep 2'
echo "end $1"
END
start 20 "$PRUN" -k -j2 'exec sh job {}' ::: 1 2
ok "two jobs are up" wait_until 5 many 2 child.
wait_until 2 test -s child.1
wait_until 2 test -s child.2
read -r child1 <child.1
read -r child2 <child.2
parent1=$(sed 's/.* ppid //' ids.1)
kill -TSTP "$pid"
ok "the first job's shell stops" wait_until 3 state_is "$parent1" T
ok "its child too" wait_until 3 state_is "$child1" T
ok "the second job stops" wait_until 3 state_is "$child2" T
ok "prun stops" wait_until 3 state_is "$pid" T
kill -CONT "$pid"
ok "the first goes on" wait_until 3 state_is "$child1" S
ok "the second goes on" wait_until 3 state_is "$child2" S
ok "prun goes on" wait_until 3 state_is "$pid" S
finish
is "$ended" "exit 0" "ends well"
is "$(cat "$out")" "end 1
end 2" "nothing is lost"

done_testing
