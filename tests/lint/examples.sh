#!/bin/sh
# examples: each script of examples/ does on a small folder what it says.
root=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkdir "a folder"
echo 'one two two; three Three THREE' >"a folder/first file"
echo "two don't" >"a folder/it's"
run 20 "$PRUN" "$root/examples/wordcount.lua" "a folder/first file" "a folder/it's"
is "$(tr '\t' ' ' <"$out" | tr '\n' ' ')" "3 three 3 two 1 don 1 one 1 t " "wordcount"
is "$ended" "exit 0" "wordcount: status"
run 20 "$PRUN" "$root/examples/wordcount.lua" missing
is "$ended" "exit 1" "wordcount: a missing file is seen"

run 20 "$PRUN" "$root/examples/checksums.lua" "a folder"
find "a folder" -type f | sort | tr '\n' '\0' | xargs -0 sha256sum >want
is_file "$out" want "checksums"
is "$ended" "exit 0" "checksums: status"
done_testing
