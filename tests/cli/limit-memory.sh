#!/bin/sh
# limit-memory: 128 MiB of address space are enough, and an environment of 1 MB.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

sanitized && skip_all "a sanitizer needs more address space"
seq 50 >in
run 20 "$HELPER" rlimit as 134217728 "$PRUN" -k -j4 'echo {}' <in
is "$ended" "exit 0" "RLIMIT_AS: ends well"
is_file "$out" in "RLIMIT_AS: all jobs"

chunk=$("$HELPER" repeat e 100000)
export BIG1="$chunk" BIG2="$chunk" BIG3="$chunk" BIG4="$chunk" BIG5="$chunk"
export BIG6="$chunk" BIG7="$chunk" BIG8="$chunk" BIG9="$chunk" BIG10="$chunk"
run 20 "$PRUN" -k -j4 'echo ${#BIG10} #' ::: 1 2
is "$ended:$(cat "$out")" "exit 0:100000
100000" "1 MB of environment, through the shell"
run 20 "$PRUN" -k -j4 "$HELPER" env ::: BIG1 BIG10
is "$ended:$(wc -c <"$out")" "exit 0:200002" "executed directly"

done_testing
