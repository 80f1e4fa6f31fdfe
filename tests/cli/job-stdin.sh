#!/bin/sh
# job-stdin: jobs have /dev/null at stdin; with ::: the first one has prun's.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

printf 'one\ntwo\n' >in
run 5 "$PRUN" -k -j1 'cat; echo {}' ::: a b <in
is "$(cat "$out")" "one
two
a
b" "with ::: the first job reads prun's stdin"
run 5 "$PRUN" -k -j1 'readlink /proc/self/fd/0 #' ::: a b <in
is "$(sed -n 2p "$out")" "/dev/null" "the second has /dev/null"
run 5 "$PRUN" -k 'cat; readlink /proc/self/fd/0; echo {}' <in
is "$(cat "$out")" "/dev/null
one
/dev/null
two" "a job cannot eat the list of inputs"
run 5 "$PRUN" -k -a in 'cat; readlink /proc/self/fd/0; echo {}' </dev/null
is "$(grep -v '^/' "$out")" "one
two" "-a"
seq 500 >many
run 10 "$PRUN" -k -j4 'cat; echo {}' <many
is_file "$out" many "500 jobs that all try to read"

done_testing
