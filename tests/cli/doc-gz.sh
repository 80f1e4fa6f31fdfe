#!/bin/sh
# doc-gz: the main job: the files of /usr/share/doc give the same bytes as a
# serial loop; with hostile file names too.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

need zcat find
find /usr/share/doc -name '*.gz' 2>/dev/null | sort | head -n 300 >list
[ -s list ] || skip_all "no compressed files in /usr/share/doc"
while read -r file; do
	printf '%s\t' "$file"
	zcat "$file" | wc -l
done <list >want
run 60 "$PRUN" -k --tag 'zcat {} | wc -l' <list
is "$ended" "exit 0" "ends well"
is_file "$out" want "the same bytes as a serial loop"

mkdir names
i=0
for name in 'a b' "it's" '"quoted"' '$(touch pwned)' '`touch pwned`' '-rf' '; touch pwned' '*' 'two
lines' '~' 'back\slash' '{}' '#' '!x' 'tab	bed' '%s'; do
	i=$((i + 1))
	seq $i | gzip >"names/$name"
	(cd names && seq $i | gzip >"./$name.gz")
done
cd names || exit 1
find . -type f -print0 | sort -z >../list
xargs -0 -n1 sh -c 'printf "%s\t" "$1"; zcat <"$1" | wc -l' sh <../list >../want.plain
run 20 "$PRUN" -0 -k 'printf "%s\t" {}; zcat <{} | wc -l' <../list
is "$ended" "exit 0" "hostile names: ends well"
is_file "$out" ../want.plain "hostile names: the same bytes"
find . -name '*.gz' ! -name '*
*' -print0 | sort -z >../list
xargs -0 -n1 sh -c 'printf "%s\t" "$1"; zcat "$1" | wc -l' sh <../list >../want
run 20 "$PRUN" -0 -k --tag 'zcat {} | wc -l' <../list
is_file "$out" ../want "hostile names: --tag"
# A leading dash is a file name to whoever says so.
printf '%s\0' -rf '-rf.gz' >../list
run 20 "$PRUN" -0 -k 'zcat -- {} | wc -l' <../list
is "$(wc -l <"$out")" 2 "a leading dash is handed on as it is"
ok "nothing ran" test ! -e pwned

done_testing
