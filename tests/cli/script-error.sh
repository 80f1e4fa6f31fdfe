#!/bin/sh
# script-error: an error in a script shows its traceback on stderr and gives status 1.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >fails.lua <<'END'
local function inner() error("the reason") end
local function outer() inner() end
print("before")
outer()
END
run 5 "$PRUN" fails.lua
is "$ended" "exit 1" "status 1"
is "$(cat "$out")" "before" "what was printed before is there"
like "$(cat "$err")" "fails\.lua:1: the reason" "message and place"
like "$(cat "$err")" "stack traceback" "a traceback"
like "$(cat "$err")" "fails\.lua:2:" "through the callers"
run 5 "$PRUN" -e 'error("in a chunk")'
is "$ended" "exit 1" "-e: status 1"
like "$(cat "$err")" "in a chunk" "-e: message"
like "$(cat "$err")" "stack traceback" "-e: traceback"
echo 'x = = 1' >syntax.lua
run 5 "$PRUN" syntax.lua
is "$ended" "exit 1" "a syntax error: status 1"
like "$(cat "$err")" "syntax\.lua:1:" "and its place"
run 5 "$PRUN" -e 'error(setmetatable({}, { __tostring = function() return "an object" end }))'
is "$ended" "exit 1" "an error object: status 1"
like "$(cat "$err")" "an object" "by its __tostring"
run 5 "$PRUN" -e 'error()'
is "$ended" "exit 1" "error(nil): status 1"
isnt "$(cat "$err")" "" "and a message"
run 5 "$PRUN" -e 'error({})'
is "$ended" "exit 1" "error of a table: status 1"
like "$(cat "$err")" "table" "says its type"
run 5 "$PRUN" -e 'require "no.such.module"'
like "$(cat "$err")" "no\.such\.module" "a missing module is named"

done_testing
