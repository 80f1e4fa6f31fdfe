#!/bin/sh
# halt-soon: --halt soon,fail=1: nothing new starts, the running jobs end in
# peace, and the status is the failed job's.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >job <<'END'
case $1 in
1) echo begin; touch up; "$HELPER" await failed; sleep 0.2; echo end ;;
2) "$HELPER" await up; touch failed; exit 7 ;;
*) touch "ran.$1" ;;
esac
END
run 10 "$PRUN" -j2 --joblog log --halt soon,fail=1 'sh job {}' ::: 1 2 3 4
is "$ended" "exit 7" "the failed job's status"
is "$(cat "$out")" "begin
end" "the running job ended in peace"
ok "nothing new started" test ! -e ran.3
is "$(log_field 1 7 log):$(log_field 1 8 log)" 0:0 "and is logged so"
run 10 "$PRUN" -j1 --halt soon,fail=2 'echo {}; exit {}' ::: 0 5 0 6 0
is "$(tr '\n' ' ' <"$out")" "0 5 0 6 " "fail=2: up to the second failure"

done_testing
