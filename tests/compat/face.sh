#!/bin/sh
# face: called by a name that ends in xargs, prun answers as the system's xargs
# does: output, messages and status, for each line below.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

real=$(command -v xargs) || skip_all "no xargs here"
"$real" --version 2>/dev/null | grep -q findutils || skip_all "xargs is not that of GNU findutils"
mkdir bin
ln -s "$PRUN" bin/xargs

cat >lines <<'END'
printf 'a b  "c d" e\\ f \047g h\047\n\n i\n' | xargs -n1 echo
printf 'a"b\n' | xargs
printf "a'b\n" | xargs
printf 'x y\na"b\n' | xargs -n1 echo
printf 'a b\nc d \ne\n' | xargs -L1 echo
printf 'a b\n\n \nc d\ne\n' | xargs -L2 echo
seq 20 | xargs -L3 echo
printf ' a b\n c\n' | xargs -I{} echo '[{}]' x{}y
printf ' lead trail \n\n' | xargs -I{} echo '[{}]'
printf '"a b" c\n' | xargs -I{} echo '[{}]'
printf 'a\\\nb c\n' | xargs -n1 echo
printf 'a\\ b\\\\c' | xargs -n1 echo
printf '"" x\n' | xargs printf '[%s]'
printf "a''b \"c\"d\n" | xargs -n1 echo
printf 'a\tb\n' | xargs -n1 echo
echo | xargs echo run
xargs echo run </dev/null
xargs -r echo run </dev/null
xargs -I{} echo run </dev/null
xargs -L1 echo run </dev/null
xargs </dev/null
echo a b | xargs
echo 1 | xargs sh -c 'exit 255'
echo 1 | xargs sh -c 'exit 3'
echo 1 | xargs sh -c 'kill -9 $$'
echo 1 | xargs sh -c 'kill -TERM $$'
echo 1 | xargs nosuch
echo 1 | xargs ./nosuch
echo 1 | xargs /etc/passwd
echo 1 2 3 | xargs -n1 sh -c 'exit $0'
echo 0 0 5 | xargs -n1 sh -c 'exit $0'
printf '1 2 3 4' | xargs -n1 sh -c 'test $0 -ne 2 || exit 255; echo $0'
printf '1\n2\n' | xargs -I{} sh -c 'exit 255'
echo a b c | xargs -t -n2 echo
echo a b c | xargs -t echo 'x y'
echo 'a_b _ c' | xargs -E_ echo
printf 'a\n_\nb\n' | xargs -e_ echo
echo a _ b | xargs -e echo
echo a _ b | xargs -E '' echo
echo 'a b' | xargs -E b -0 echo
echo a b c | xargs -L1 -n2 echo
echo a b c | xargs -n2 -L1 echo
echo a b c | xargs -L1 -I{} echo {}
echo a b c | xargs -n2 -I{} echo {}
echo a b c | xargs -n1 -I{} echo {}
echo a b c | xargs -I{} -L1 echo {}
echo a b c | xargs -I{} -n2 echo {}
echo a b c | xargs -I{} -n1 echo {}
echo a b c | xargs -i -l echo {}
echo a b c | xargs -l -i echo {}
echo a b c | xargs -l -n2 echo
echo a b c | xargs -n2 -l3 echo
echo a b c | xargs --max-lines --replace echo {}
echo a b c | xargs --max-args=2 --max-lines=3 echo
echo a b c | xargs --max-lines=3 --max-args=2 echo
echo a b c | xargs --replace --max-lines echo {}
echo a b c | xargs --replace --max-args=3 echo {}
echo a b c | xargs -I X echo X XX aXb
echo a b c | xargs -iX echo X
printf 'a b\n' | xargs -L1 -I{} echo {} {}
echo 1 2 3 | xargs -n 2 -s 8 -x echo
echo 1 2 3 | xargs -n 3 -s 9 -x echo
echo 1 2 3 | xargs -s 9 echo
echo 1 2 3 | xargs -s 10 echo
printf 'a b c' | xargs -s 12 echo
echo aaaaaaaaaaaaaaaaaa | xargs -s 10 echo
xargs -s 0 </dev/null
xargs -s 3 echo </dev/null
xargs -sx </dev/null
xargs -n0 </dev/null
xargs -nx </dev/null
xargs -L0 </dev/null
xargs -P -1 </dev/null
xargs -Px </dev/null
xargs --foo </dev/null
xargs -d xx </dev/null
xargs -d '\x4a' echo </dev/null
echo a | xargs -P0 echo
echo 'a b' | xargs -d ' ' echo
printf 'aJbJc' | xargs -d '\x4a' -n1 echo
printf 'aJbJc' | xargs -d '\0112' -n1 echo
printf 'x y\n\nz\n' | xargs -d '\n' printf '[%s]'
printf 'a\nb\n' | xargs -0 printf '[%s]'
printf 'a b\0c"d\0' | xargs -0 -n1 echo
printf 'a\0\0b\0' | xargs -0 printf '[%s]'
printf 'a\0b\0c\0' | xargs -0 -L2 echo
printf 'a\0b\0' | xargs -0 -I{} echo '<{}>'
echo a | xargs --process-slot-var=S sh -c 'echo $S'
seq 100000 | xargs echo | wc
seq 100000 | xargs -n 1000 echo | md5sum
seq 100000 | xargs -s 4096 echo | wc
seq 30000 | xargs -x echo | wc
echo a b c d | xargs -n3 sh -c 'echo "$@"; exit 2' x
printf 'a b\nc\n' >in; xargs -a in -n1 echo
printf 'a b\n' >in; xargs --arg-file=in cat - </dev/null
printf 'a b\n' >in; echo from stdin | xargs -a in sh -c 'cat; echo "$@"' x
echo a | xargs sh -c 'cat; echo $1' x
echo a b c d | xargs -P4 -n1 echo | sort
echo a | xargs -- echo
echo a | xargs echo -n1
echo a | xargs -n 1 -- echo --
echo a | xargs --verbose echo
echo a | xargs --max-procs=2 --max-args 1 echo
echo a | xargs --null echo
echo a | xargs --del=, echo
printf 'b\n' | xargs --eof=b echo
END

i=0
while IFS= read -r line; do
	i=$((i + 1))
	for who in real face; do
		rm -rf work
		mkdir work
		path=$PATH
		[ "$who" = real ] || path=$T/bin:$PATH
		(cd work && PATH=$path exec "$HELPER" limit 20 "$T/ended" sh -c "$line") </dev/null >"$who.out" 2>"$who.err"
		head -n 1 ended >>"$who.out"
	done
	if cmp -s real.out face.out && cmp -s real.err face.err; then
		pass "$line"
	else
		fail "$line"
		diag "$(diff real.out face.out; diff real.err face.err)"
	fi
done <lines

echo a | bin/xargs -n1 -k --tag echo >got 2>&1
is "$(cat got)" "a	a" "prun's own options go with it"
is "$("$PRUN" --xargs -n1 echo <lines 2>&1 | head -n 1)" "printf" "prun --xargs"
done_testing
