#!/bin/sh
# input-file: -a: values from a file; one that is missing, a folder, or not
# readable is an error that names it, and no job runs.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

printf 'x\ny\n' >list
run 5 "$PRUN" -k -a list 'echo {}'
is "$ended:$(cat "$out")" "exit 0:x
y" "a list"
run 5 "$PRUN" --arg-file list -k 'echo {}'
is "$(cat "$out")" "x
y" "by its long name"
run 5 "$PRUN" -k -a - 'echo {}' <list
is "$(cat "$out")" "x
y" "- is stdin"
run 5 "$PRUN" -a no-such-list touch ran
is "$ended" "exit 255" "missing: status 255"
like "$(cat "$err")" "no-such-list" "missing: named"
ok "missing: no job ran" test ! -e ran
mkdir folder
run 5 "$PRUN" -a folder touch ran
isnt "$ended" "exit 0" "a folder: not status 0"
isnt "$ended" "timeout" "a folder: ends"
like "$(cat "$err")" "folder" "a folder: named"
chmod 000 list
if [ -r list ]; then
	skip "unreadable" "this user may read everything"
else
	run 5 "$PRUN" -a list touch ran
	is "$ended" "exit 255" "unreadable: status 255"
fi
chmod 644 list
# Standard input that cannot be read.
run 5 "$PRUN" touch ran <folder
isnt "$ended" "exit 0" "a folder as stdin: not status 0"
isnt "$(cat "$err")" "" "a folder as stdin: said"

done_testing
