#!/bin/sh
# kill-prun-setsid: also what left its process group or session, ignores signals or is
# stopped does not outlive a prun that was killed by SIGKILL: 3 s (I2).
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
case $1 in
1) "$HELPER" setsid-sleep; touch up.1; sleep 100 ;;
2) "$HELPER" setsid-sleep TERM; touch up.2; sleep 100 ;;
3) touch up.3; exec "$HELPER" ignore-term ;;
4) touch up.4; exec "$HELPER" stop-self ;;
5) "$HELPER" daemon-hold 50000 late; touch up.5; exit 0 ;;
esac
END
start 30 "$PRUN" -j5 'sh job {}' ::: 1 2 3 4 5
ok "all are up" wait_until 5 many 5 up.
kill -KILL "$pid"
if wait_until 3 none_left; then
	pass "nothing left within 3 s"
else
	fail "nothing left within 3 s" "$(leftovers)"
fi
finish
is "$ended" "signal 9" "killed"

done_testing
