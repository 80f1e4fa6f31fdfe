#!/bin/sh
# man: the examples of the manual print what it says, prun.1 has every option, and
# mandoc finds nothing to complain about.
root=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
root=$(cd "$root" && pwd) || exit 1
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkdir bin
ln -s "$PRUN" bin/prun
PATH=$PWD/bin:$PATH
export PATH

# The literal blocks of a page, in EXAMPLES only or (all) anywhere, without
# roff's escapes. Each "$ command" (with its "> " lines) becomes a script, what
# follows the output wanted.
examples_of() {
	awk -v all="$2" '
	/^\.Sh / { examples = $2 == "EXAMPLES" || all == "all" }
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
	' "$1"
}

# run_examples PAGE WHERE LEAST: in a folder of their own.
run_examples() {
	examples_of "$1" "$2"
	count=$(cat count)
	ok "${1##*/}: $3 examples or more" test "$count" -ge "$3"
	rm -rf work
	mkdir work
	i=1
	while [ "$i" -le "$count" ]; do
		(cd work && exec "$HELPER" limit 20 "$T/status" sh "../cmd.$i") </dev/null >"got.$i" 2>&1
		is_file "got.$i" "want.$i" "$(head -n 1 "cmd.$i")"
		i=$((i + 1))
	done
	rm -f cmd.* want.* got.*
}

page=$root/man/prun.1
run_examples "$page" examples 6
run_examples "$root/man/prun.3" all 10

# In the page an option is "Fl -name"; a hyphen may be written \-.
sed 's/\\-/-/g' "$page" >plain
# shellcheck disable=SC2013 # names without spaces
for name in $(sed -n 's/^ \(-. \)*--\([a-z-]*\) .*| .*/\2/p' "$root/lua/prun/cli/options.lua"); do
	ok "--$name is in the manual" grep -qE -e "(Fl |-)-$name( |=|\$)" plain
done

# shellcheck disable=SC2013 # names without spaces
for name in $(sed -n 's/^  \([a-z_A-Z]*\) = { "prun\..*/\1/p; s/^function prun\.\([a-z_]*\).*/\1/p' "$root/lua/prun/init.lua"); do
	ok "prun.$name is in the manual" grep -q "prun\.$name" "$page" "$root/man/prun.3"
done
# shellcheck disable=SC2013
for name in $(sed -n 's/^ *function Pool:\([a-z][a-z_]*\).*/\1/p' "$root"/lua/prun/mp/*.lua); do
	case $name in
	poll | wait_for | check_open | withdraw | stop_tasks | cancel) continue ;;
	esac
	ok "pool:$name is in the manual" grep -q "pool:$name" "$root/man/prun.3"
done

if command -v mandoc >/dev/null; then
	is "$(mandoc -T lint -W warning "$page" "$root/man/prun.3" 2>&1)" "" "mandoc finds nothing"
else
	skip "mandoc finds nothing" "no mandoc here"
fi
done_testing
