#!/bin/sh
# joblog-cannot: a log that cannot be made: no job runs.  A full disk under it is an
# error that is seen.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$PRUN" --joblog no/such/folder/log touch ::: ran
isnt "$ended" "exit 0" "a folder that is missing: not status 0"
like "$(cat "$err")" "no/such/folder/log" "the message names the log"
ok "no job ran" test ! -e ran
mkdir folder
run 5 "$PRUN" --joblog folder touch ::: ran
isnt "$ended" "exit 0" "a folder: not status 0"
like "$(cat "$err")" "folder" "the message names it"
ok "no job ran" test ! -e ran
run 5 "$PRUN" --joblog /dev/full echo ::: 1 2
isnt "$ended" "exit 0" "a full disk: not status 0"
like "$(cat "$err")" "/dev/full|space" "the message says what"

done_testing
