#!/bin/sh
# script-file: prun script.lua args: arg, `...`, the script's folder on
# package.path, exit statuses; `--` says that a command follows.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkdir dir
cat >dir/script.lua <<'END'
local sibling = require "sibling"
print(arg[0], #arg, arg[1], arg[2], select("#", ...), ...)
print(sibling.name)
print(arg[-1] ~= nil)
END
echo 'return { name = "the sibling" }' >dir/sibling.lua
run 5 "$PRUN" dir/script.lua one 'two words'
is "$ended" "exit 0" "ends well"
is "$(cat "$out")" "dir/script.lua	2	one	two words	2	one	two words
the sibling
true" "arg, ..., require"
is "$(cat "$err")" "" "nothing on stderr"
run 5 "$PRUN" dir/script.lua -k --help ::: x
is "$(head -n1 "$out")" "dir/script.lua	4	-k	--help	4	-k	--help	:::	x" "arguments behind the script are the script's"

echo 'os.exit(7)' >exit.lua
run 5 "$PRUN" exit.lua
is "$ended" "exit 7" "os.exit"
echo 'os.exit(false)' >exit.lua
run 5 "$PRUN" exit.lua
is "$ended" "exit 1" "os.exit(false)"
echo 'print(io.read("a"))' >read.lua
echo hello >in
run 5 "$PRUN" read.lua <in
is "$(cat "$out")" "hello" "a script reads stdin"
echo 'print(_VERSION)' >version.lua
run 5 "$PRUN" version.lua
is "$(cat "$out")" "Lua 5.4" "the language"
run 5 "$PRUN" missing.lua
isnt "$ended" "exit 0" "a script that is missing: not status 0"
like "$(cat "$err")" "missing\.lua" "and named"

printf '#!/bin/sh\necho "command $1"\n' >cmd.lua
chmod 755 cmd.lua
run 5 "$PRUN" -- ./cmd.lua ::: x
is "$ended:$(cat "$out")" "exit 0:command x" "-- says: a command"

done_testing
