#!/bin/sh
# sources: the sources of values: :::, several of them (product), -0, -d, -n,
# and where a value goes.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

check() {
	name=$1
	want=$2
	shift 2
	run 5 "$PRUN" -k "$@"
	is "$ended:$(cat "$out")" "exit 0:$want" "$name"
}
check ":::" "a
b c" echo ::: a 'b c'
check "two ::: are a product, the last fastest" "a 1
a 2
b 1
b 2" echo ::: a b ::: 1 2
check "{2} {1}" "1-a
2-a" echo '{2}-{1}' ::: a ::: 1 2
check "-n2" "a b
c" -n2 echo ::: a b c
check "{} of -n2 is all of them" "<a b>" -n2 'echo "<"{}">"' ::: a b
check "replacement strings" "d/e.tar.gz d/e.tar e.tar.gz d e.tar 1 1" -j1 echo '{} {.} {/} {//} {/.} {#} {%}' ::: d/e.tar.gz
check "positional ones" "y.b x.a y /q" echo '{2/} {1/} {2/.} {1//}' ::: /q/x.a ::: /r/y.b
printf 'a,b,c' >in
run 5 "$PRUN" -k -d , echo <in
is "$(cat "$out")" "a
b
c" "-d ,"
run 5 "$PRUN" -k -d '\054' echo <in
is "$(cat "$out")" "a
b
c" "-d '\\054'"
printf 'a\tb\n' >in
run 5 "$PRUN" -k -d '\t' 'echo {}' <in
is "$(tr '\n' '~' <"$out")" "a~b~~" "-d '\\t': a newline is then part of a value"
printf '1\n2\n3\n4\n' >in
run 5 "$PRUN" -k -n2 'echo {2} {1}' <in
is "$(cat "$out")" "2 1
4 3" "-n2 and positions"
run 5 "$PRUN" -k <in
is "$ended" "exit 4" "without a command the values are commands"
printf 'echo one\necho two; exit 3\n' >in
run 5 "$PRUN" -k <in
is "$ended:$(cat "$out")" "exit 1:one
two" "which the shell runs"

done_testing
