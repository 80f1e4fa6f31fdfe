#!/bin/sh
# man: the examples of prun(1) print what it says, and it has every option.
root=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

page=$root/man/prun.1
mkdir bin
ln -s "$PRUN" bin/prun
PATH=$PWD/bin:$PATH
export PATH

awk '
/^\.Sh EXAMPLES/ { examples = 1 }
examples && /^\.Bd/ { inside = 1; next }
/^\.Ed/ { inside = 0; examples = 0 }
!inside { next }
{ gsub(/\\e/, "\\") }
/^\$ / { n++; print substr($0, 3) > ("cmd." n); printf "" > ("want." n); next }
{ print > ("want." n) }
END { print n > "count" }
' "$page"

i=1
while [ "$i" -le "$(cat count)" ]; do
	sh "./cmd.$i" </dev/null >"got.$i" 2>&1
	is_file "got.$i" "want.$i" "$(head -n 1 "cmd.$i")"
	i=$((i + 1))
done

# shellcheck disable=SC2013 # names without spaces
for name in $(sed -n 's/^  { name = "\([^"]*\)".*/\1/p' "$root/lua/prun/cli/options.lua"); do
	like "$(cat "$page")" "Fl -$name" "the page has --$name"
done

if command -v mandoc >/dev/null; then
	is "$(mandoc -T lint -W warning "$page" 2>&1)" "" "mandoc finds nothing"
else
	skip "mandoc finds nothing" "no mandoc here"
fi
done_testing
