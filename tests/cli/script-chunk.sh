#!/bin/sh
# script-chunk: -e CHUNK runs a chunk, the words behind are its arguments.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$PRUN" -e 'print(...)' a 'b c' -k
is "$ended:$(cat "$out")" "exit 0:a	b c	-k" "arguments as ..."
run 5 "$PRUN" -e 'print(arg[1], arg[2])' a b
is "$(cat "$out")" "a	b" "and as arg"
run 5 "$PRUN" -e 'local prun = require "prun"; print(type(prun), type(prun.run), type(prun.jobs))'
is "$(cat "$out")" "table	function	function" "the library is there"
run 5 "$PRUN" -e 'os.exit(5)'
is "$ended" "exit 5" "os.exit"
run_to /dev/full 5 "$PRUN" -e 'print(1)'
isnt "$ended" "timeout" "a full disk: ends"

done_testing
