#!/bin/sh
# For Automake's TAP driver: every table here against $PRUN (default ../../build/prun from this folder).
# Arguments are handed on to run.py: names or patterns of the cases to run, --show, --keep.
here=$(dirname "$0")
[ -f "$here/run.py" ] || here=${srcdir:-.}/tests/compat
if ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP python3 is not installed"
	exit 0
fi
exec python3 "$here/run.py" parallel.tab xargs.tab differs.tab "$@"
