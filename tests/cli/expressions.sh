#!/bin/sh
# expressions: Lua in commands ({= =}, --rpl, --filter), its words and errors.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

prun() {
	"$PRUN" -k "$@" 2>&1
}

is "$(prun echo '{= it:upper() =}' {} ::: a b)" "A a
B b" "an expression"
is "$(prun echo '{= it = it .. "x" =}' ::: a)" "ax" "a statement that changes it"
is "$(prun echo '{= if it == "a" then return "A" end =}' ::: a b)" "A
b" "return, or nothing"
is "$(prun echo '{=2 it * 2 =}{=-1 it + 1 =}{1}' ::: a ::: 4)" "85a" "of the n-th value; whole numbers without .0"
is "$(prun --header : echo '{=size it + 1 =}' ::: name x ::: size 4)" "5" "of a named value"
is "$(prun -n2 echo '{= it .. "!" =}' ::: a b)" "a! b!" "of each value"
is "$(prun echo '{= it:gsub("a", "$(date)") =}' ::: a)" "\$(date)" "what comes out is quoted"
is "$(prun "echo '{= it:gsub(\"a\", \"b\") =}'" ::: aa)" "bb" "inside quotes; one value of gsub"
is "$(prun echo '{= uq() it = "x   y" =}' ::: a)" "x y" "uq: unquoted"
is "$(prun -j1 echo '{=1 seq =}{=1 slot =}{=1 args[2] =}' ::: a ::: b)" "11b" "seq, slot, args"
is "$(prun echo '{= total_jobs() =}' ::: a b)" "2
2" "total_jobs"
is "$( (echo a; "$HELPER" pause 200 b) | prun echo '{= total_jobs() =}')" "2
2" "total_jobs waits for the input"
is "$(prun echo '{= if it == "b" then skip() end =}' '{#}' ::: a b c)" "a 1
c 3" "skip leaves a job out"
prun echo '{= skip() =}' ::: a b >all
is "$? $(cat all)" "0 " "all left out"
is "$(prun echo '{= basename(it) =} {= dirname(it) =} {= stem(it) =} {= ext(it) =}' ::: a/b.c)" "b.c a b c" "parts of paths"
is "$(prun echo '{= pad(it, 3) =} {= sprintf("%x", it) =} {= split(it, "1")[2] =} {= trim("  x ") =}' ::: 10)" "010 a 0 x" "helpers"
is "$(prun --rpl '{up} it:upper()' echo '{up}' '{1up}' ::: a)" "A A" "--rpl"
is "$(prun --rpl '{cut(.)} it:gsub($$1, "")' echo '{cuta}' '{2cutb}' ::: aab ::: abb)" "b bb a" "--rpl with a group"
is "$(prun --parens ',,,,' echo ',, it * 2 ,,' ::: 4)" "8" "--parens"
is "$(prun --filter '{1} < {2}' echo ::: 1 2 10 ::: 2 9)" "1 2
1 9
2 9" "--filter compares numbers"
is "$(prun --filter 'it ~= "b"' echo ::: a b c)" "a
c" "--filter: it"
is "$(prun --filter '{} == "os.exit(3)"' echo ::: 'os.exit(3)' 2)" "os.exit(3)" "--filter: a value is no code"
is "$(seq 4 | prun --shuf --filter '{} % 2 == 0' echo | sort)" "2
4" "--filter and --shuf"

run 10 "$PRUN" echo '{= nosuch() =}' ::: a b
is "$ended" "exit 2" "an expression that fails: failed jobs"
like "$(cat "$err")" "job 1: \{= nosuch\(\) =\}: attempt to call a nil value \(global 'nosuch'\) \(the input is 'a'\)" "it names expression and input"
run 10 "$PRUN" echo '{= 1 + =}' ::: a
is "$ended" "exit 255" "an expression that is none"
like "$(cat "$err")" "prun: \{= 1 \+ =\}: unexpected symbol" "it is named"
run 10 "$PRUN" --filter '"{1}" == "a"' echo ::: a
like "$(cat "$err")" "write it without quotes" "--filter with quotes around a string"
run 10 "$PRUN" --filter '1 <' echo ::: a
is "$ended" "exit 255" "--filter that is no expression"
run 10 "$PRUN" --filter '{} < 3' echo ::: a
like "$(cat "$err")" "job 1: --filter '\{\} < 3': attempt to compare .* \(the input is 'a'\)" "--filter that fails"
run 10 "$PRUN" --rpl '{x}' echo ::: a
like "$(cat "$err")" "a Lua expression" "--rpl without an expression"
run 10 "$PRUN" --plus echo '{#(}' ::: a
is "$ended" "exit 255" "--plus with a regex that is none"
like "$(cat "$err")" "is no regular expression" "it is named"

done_testing
