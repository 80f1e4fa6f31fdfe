#!/bin/sh
# ungroup-reader: with -u too the run ends when nobody reads.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >line <<'END'
yes | "$1" -u echo | head -n 1
END
run 10 sh line "$PRUN"
is "$ended" "exit 0" "it ends"
is "$(cat "$out")" "y" "the reader had its line"

done_testing
