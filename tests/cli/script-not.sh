#!/bin/sh
# script-not: what lies in the folder does not stand in for a command, nor for a script.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

printf '#!/usr/bin/env prun\nprint("taken")\n' >gzip
is "$(echo a | "$PRUN" --dry-run gzip -h)" "gzip -h a" "a file named like a program"
printf '#!/home/prunella/bin/sh\n' >other
run 5 "$PRUN" --dry-run ./other ::: x
is "$(cat "$out")" "./other x" "a first line that only begins like prun's name"
is "$("$PRUN" ./gzip)" "taken" "a path is a script"
echo 'io.open("x", "w"):close()' >in
run 5 "$PRUN" -i echo {} <in
is "$ended" "exit 255" "-i takes no command"
ok "and runs nothing" test ! -e x

done_testing
