#!/bin/sh
# corpora: the fuzz targets run over their corpora, and over bytes made from them.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

target=$(dirname "$HELPER_REAL")/fuzz/fuzz_marshal
corpus=$tests_dir/fuzz/corpus/marshal
[ -x "$target" ] || skip_all "the fuzz target was not built"
run 60 "$target" "$corpus"/*
is "$ended" "exit 0" "marshal: the corpus"
like "$(cat "$out")" "inputs" "marshal: was run"
done_testing
