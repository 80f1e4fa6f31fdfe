#!/bin/sh
# sources: the linters that are here find nothing, and no test is forgotten.
root=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cd "$root" || exit 1
if command -v luacheck >/dev/null; then
	is "$(luacheck -q --no-color --no-self --std lua54 --no-max-line-length lua tests/lua tests/mp tests/stress examples 2>&1 | grep -E 'warning|error' | grep -v '^Total: 0')" "" "luacheck"
else
	skip "luacheck" "no luacheck here"
fi
if command -v shellcheck >/dev/null; then
	is "$(shellcheck quickstart .ci/run && cd tests/compat && shellcheck -x ./*.sh && cd ../lint && shellcheck -x ./*.sh 2>&1)" "" "shellcheck"
	is "$(cd tests/cli && shellcheck ./*.sh ../mp/*.sh ../tap.sh 2>&1)" "" "shellcheck of the command line's tests"
else
	skip "shellcheck" "no shellcheck here"
fi
for file in tests/cli/*.sh tests/lint/*.sh tests/lua/* tests/mp/* tests/stress/* tests/unit/test_*.c lua/prun/*.lua lua/prun/*/*.lua examples/*.lua; do
	[ -e "$file" ] || continue
	grep -qF "$file" Makefile.am || is "" "$file" "is in Makefile.am"
done
done_testing
