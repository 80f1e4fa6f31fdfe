#!/bin/sh
# prompt-error: at the prompt an error is shown, whatever was raised, and the
# prompt goes on; pools work there.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >in <<'END'
error("text")
error({})
error(setmetatable({}, { __tostring = function() return "shown" end }))
function f(x) return x * 2 end
pool = prun.Pool(2)
pool:map(f, { 4 })[1]
pool:apply(error, { "remote" })
pool:terminate()
"over"
END
"$PRUN" -i <in >"$out" 2>"$err"
is "$?" 0 "status"
like "$(cat "$err")" "shown" "an object"
like "$(cat "$err")" "RemoteError: remote" "a pool's error"
is "$(grep -c '^8$\|^over$' "$out")" 2 "what came after them"
done_testing
