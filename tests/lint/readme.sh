#!/bin/sh
# readme: the examples of README.md (its console blocks) print what it says.
root=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkdir bin
ln -s "$PRUN" bin/prun
PATH=$PWD/bin:$PATH
export PATH

# Each "$ command" (with its "> " lines) becomes a script, what follows the
# output that is wanted.
awk '
/^```console$/ { inside = 1; next }
/^```$/ { inside = 0 }
!inside { next }
/^\$ / { n++; print substr($0, 3) > ("cmd." n); printf "" > ("want." n); next }
/^> / { print substr($0, 3) > ("cmd." n); next }
{ print > ("want." n) }
END { print n > "count" }
' "$root/README.md"

i=1
while [ "$i" -le "$(cat count)" ]; do
	sh "./cmd.$i" </dev/null >"got.$i" 2>&1
	is_file "got.$i" "want.$i" "$(head -n 1 "cmd.$i")"
	i=$((i + 1))
done
done_testing
