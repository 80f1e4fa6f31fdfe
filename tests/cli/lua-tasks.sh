#!/bin/sh
# lua-tasks: --lua runs a chunk for each input, with the output, order, log,
# retry, halt and timeout options of commands.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"


seq 1000 >in
"$PRUN" --lua 'return it * 2' <in >got
awk '{ print $1 * 2 }' in >want
is_file got want "a line for each input, in order"
is "$(seq 3 | "$PRUN" --lua 'it + 0.5')" "1.5
2.5
3.5" "an expression needs no return"
is "$("$PRUN" -k --lua 'local a, b = ... return b .. a' ::: 1 2 ::: x y)" "x1
y1
x2
y2" "the values are the chunk's arguments"
is "$("$PRUN" --lua 'if it == "2" then return nil end return it, true' ::: 1 2 3)" "1	true
3	true" "nothing for nil, all values on a line"
is "$("$PRUN" -k --tag --lua 'print("p", it) io.write("w\n") return 1' ::: a b)" "a	p	a
a	w
a	1
b	p	b
b	w
b	1" "what a task prints is part of its output"

run 20 "$PRUN" -k --lua 'if it == "2" then error("bad " .. it) end return it' ::: 1 2 3
is "$ended" "exit 1" "one failed"
is "$(cat "$out")" "1
3" "the others did not"
like "$(cat "$err")" "prun: job 2: \(--lua\):1: bad 2" "the error names job and place"
run 20 "$PRUN" -k --joblog log --lua 'if it == "2" then error("bad") end os.exit(it == "3" and 5 or 0)' ::: 1 2 3
is "$ended" "exit 2" "a worker that exits: its own status"
is "$(log_field 2 7 log),$(log_field 3 7 log)" "1,5" "the log has it"
run 20 "$PRUN" --timeout 0.2 --lua 'while true do end' ::: 1
is "$ended" "exit 1" "a timeout ends a chunk that only computes"
like "$(cat "$err")" "as --timeout asks" "and says so"
echo 0 >n
run 20 "$PRUN" --retries 3 --joblog log2 --lua 'local f = io.open("n") local n = f:read("n") + 1 f:close() f = io.open("n", "w") f:write(n) f:close() if n < 3 then error("again") end return n' ::: 1
is "$ended $(cat "$out")" "exit 0 3" "retries"
run 20 "$PRUN" -j1 --halt now,fail=1 --lua 'if it == "2" then error("x") end print(it)' ::: 1 2 3 4
is "$(cat "$out")" "1" "halt"
isnt "$ended" "exit 0" "halt: status"

is "$("$PRUN" --dry-run --lua 'io.open("ran", "w"):close()' ::: 'a b' c; ls ran 2>&-)" "prun --lua 'io.open(\"ran\", \"w\"):close()' ::: 'a b'
prun --lua 'io.open(\"ran\", \"w\"):close()' ::: c" "--dry-run shows what would do the same, and runs nothing"

run 20 "$PRUN" --lua 'return (' ::: 1
is "$ended" "exit 255" "a chunk that is no Lua is misuse"
like "$(cat "$err")" "--lua: line 1" "and the message says where"
run 20 "$PRUN" --lua 'return 1' echo ::: 1
is "$ended" "exit 255" "--lua takes no command"
run 20 "$PRUN" --lua 'return 1'
is "$ended" "exit 0" "no input, no task"

seq 4 >in
run 10 sh -c 'ulimit -n 24; exec "$@" <in' sh "$PRUN" -k -j8 --lua 'return it'
is "$(tr '\n' ' ' <"$out")" "1 2 3 4 " "few descriptors: fewer workers"
run 5 sh -c 'ulimit -n 12; exec "$@"' sh "$PRUN" --tag --lua 'return it' ::: 1
case $ended in
"exit 0") is "$(cat "$out")" "1	1" "fewer still: it works" ;;
*) like "$(cat "$err")" "^prun: --lua: a worker could not be started" "fewer still: a message" ;;
esac

start 20 "$PRUN" --lua 'io.open("up." .. it, "w"):close() os.execute("sleep 100 & sleep 100")' ::: 1 2 3
ok "tasks are up" wait_until 5 many 2 up.
kill -INT "$pid"
finish
is "$ended" "signal 2" "SIGINT: dies by it"
done_testing
