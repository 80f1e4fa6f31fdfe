#!/bin/sh
# job-place: a job has the caller's folder, umask, limits and environment.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkdir -p 'a folder'
cd 'a folder' || exit 1
umask 027
run 5 "$PRUN" 'pwd; umask; >{}' ::: file
is "$(cat "$out")" "$(pwd)
$(umask)" "folder and umask"
is "$(stat -c %a file)" 640 "in effect"
export GREETING='hello   "world"
two lines'
run 5 "$PRUN" "$HELPER" env ::: GREETING
is "$(cat "$out")" "$GREETING" "a variable"
# Names that GNU parallel or prun may add, and what a shell sets.
"$HELPER" env | tr '\n\0' ' \n' | grep -vE '^(_|PWD|OLDPWD|SHLVL|PARALLEL[A-Z_]*|PRUN_[A-Z_]*)=' | sort >want
run 5 "$PRUN" 'exec "$HELPER" env #' ::: 1
tr '\n\0' ' \n' <"$out" | grep -vE '^(_|PWD|OLDPWD|SHLVL|PARALLEL[A-Z_]*|PRUN_[A-Z_]*)=' | sort >got
is_file got want "nothing else changed"
run 5 "$PRUN" 'echo "$PRUN_TEST_TAG" #' ::: 1
is "$(cat "$out")" "$PRUN_TEST_TAG" "the mark of this test"
run 5 "$HELPER" rlimit stack 4194304 "$PRUN" 'ulimit -s #' ::: 1
is "$(cat "$out")" 4096 "a limit"

done_testing
