#!/bin/sh
# help-version: --help and --version: on stdout, status 0, each option named.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$PRUN" --help
is "$ended" "exit 0" "--help: status 0"
is "$(cat "$err")" "" "--help: nothing on stderr"
for option in --jobs --keep-order --group --ungroup --line-buffer --tag --dry-run --joblog --halt --timeout --term-seq --retries --bar --eta --arg-file --null --delimiter --help --version --no-run-if-empty; do
	like "$(cat "$out")" "[^a-z]$option([^a-z-]|\$)" "--help names $option"
done
is "$(awk 'length > 80' "$out")" "" "--help: no line above 80 columns"
run 5 "$PRUN" --version
is "$ended:$(cat "$err")" "exit 0:" "--version: status 0"
like "$(head -n1 "$out")" '^prun.* [0-9]+\.[0-9]+' "--version: name and number"

done_testing
