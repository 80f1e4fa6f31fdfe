#!/bin/sh
# man: the examples of man/prun.1 print what it says, it has every option, and
# mandoc finds nothing to complain about.
root=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
root=$(cd "$root" && pwd) || exit 1
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

page=$root/man/prun.1
mkdir bin
ln -s "$PRUN" bin/prun
PATH=$PWD/bin:$PATH
export PATH

# The literal blocks of EXAMPLES, without roff's escapes. Each "$ command"
# (with its "> " lines) becomes a script, what follows the output wanted.
awk '
/^\.Sh / { examples = $2 == "EXAMPLES" }
!examples { next }
/^\.Bd -literal/ { inside = 1; next }
/^\.Ed/ { inside = 0 }
!inside { next }
{
	sub(/^\\&/, "")
	gsub(/\\\(aq/, "\047")
	gsub(/\\\(dq/, "\"")
	gsub(/\\-/, "-")
	gsub(/\\\(ti/, "~")
	gsub(/\\\(ha/, "^")
	gsub(/\\\(ga/, "`")
	gsub(/\\e/, "\\")
}
/^\$ / { n++; print substr($0, 3) > ("cmd." n); printf "" > ("want." n); next }
!n { next }
/^> / { print substr($0, 3) > ("cmd." n); next }
{ print > ("want." n) }
END { print n + 0 > "count" }
' "$page"

count=$(cat count)
ok "there are six examples or more" test "$count" -ge 6
mkdir work
i=1
while [ "$i" -le "$count" ]; do
	(cd work && exec "$HELPER" limit 20 "$T/status" sh "../cmd.$i") </dev/null >"got.$i" 2>&1
	is_file "got.$i" "want.$i" "$(head -n 1 "cmd.$i")"
	i=$((i + 1))
done

# In the page an option is "Fl -name"; a hyphen may be written \-.
sed 's/\\-/-/g' "$page" >plain
# shellcheck disable=SC2013 # names without spaces
for name in $(sed -n 's/.*{ name = "\([a-z-]*\)".*/\1/p' "$root/lua/prun/cli/options.lua"); do
	ok "--$name is in the manual" grep -qE -e "(Fl |-)-$name( |=|\$)" plain
done

if command -v mandoc >/dev/null; then
	is "$(mandoc -T lint -W warning "$page" 2>&1)" "" "mandoc finds nothing"
else
	skip "mandoc finds nothing" "no mandoc here"
fi
done_testing
