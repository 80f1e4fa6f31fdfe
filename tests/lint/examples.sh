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
# What each prints for input that is known.
run 20 "$PRUN" "$root/examples/fib.lua"
is "$(tail -n 1 "$out")" "19    4181    4181    4181" "fib"
is "$(wc -l <"$out" | tr -d ' ')" 20 "fib: a line for each"
run 60 "$PRUN" "$root/examples/primes.lua" 2 9 97 1000003 999999000001
is "$(tr '\n' ' ' <"$out")" "2 is prime 9 is not prime 97 is prime 1000003 is prime 999999000001 is prime " "primes"
run 60 "$PRUN" "$root/examples/cpu_io.lua" 4
like "$(sed -n 2p "$out")" "^compute( +[0-9.]+ s){3}$" "cpu_io: a row for what computes"
like "$(sed -n 3p "$out")" "^wait( +[0-9.]+ s){3}$" "cpu_io: a row for what waits"

run 20 "$PRUN" "$root/examples/grep.lua" "t[wh]" "a folder"
is "$(sort "$out" | tr '\t\n' ' |')" "1 a folder/first file|1 a folder/it's|2 lines in 2 files|" "grep"

mkdir packed
run 20 "$PRUN" "$root/examples/compress.lua" packed "a folder/first file" "a folder/it's"
is "$ended" "exit 0" "compress: status"
is "$(gzip -dc "packed/first file.gz" packed/it\'s.gz)" "$(cat "a folder/first file" "a folder/it's")" "compress: what it made"
like "$(tail -n 1 "$out")" "^2 files, 41 bytes -> [0-9]+$" "compress: the sum"
run 20 "$PRUN" "$root/examples/compress.lua" packed missing
is "$ended" "exit 1" "compress: a missing file is seen"

mkdir site
echo '<title>Home</title> <a href="a.html">a</a> <a href="http://x/">' >site/index.html
echo '<title>A</title> <a href="index.html#top">home</a> <a href="b.html">b</a>' >site/a.html
echo 'B [[a.html]] [[gone.html]]' >site/b.html
run 20 "$PRUN" "$root/examples/crawl.lua" site/index.html
is "$(tr '\n' '|' <"$out")" "site/a.html: A|site/b.html: B [[a.html]] [[gone.html]]|site/index.html: Home|missing: site/gone.html: No such file or directory|3 pages, 1 dead links|" "crawl"
done_testing
