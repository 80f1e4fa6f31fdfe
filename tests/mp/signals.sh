#!/bin/sh
# signals: whatever signal ends a master with busy workers, the status tells
# the truth, and neither workers nor what tasks started are left.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >script.lua <<'END'
local prun = require "prun"
prun.set_start_method(arg[1])
local pool = prun.Pool(3)
for i = 1, 6 do
  pool:apply_async(function(n)
    os.execute("touch up." .. n .. "; sleep 100 & sleep 100")
  end, { i })
end
pool:apply_async(function()
  while true do end
end)
pool:close()
pool:join()
END
for method in fork spawn forkserver; do
	for sig in INT TERM HUP QUIT KILL ABRT; do
		rm -f up.*
		start 40 "$PRUN" script.lua $method
		ok "$method: tasks run" wait_until 20 many 3 up.
		kill -"$sig" "$pid"
		ok "$method: $sig leaves nothing" wait_until 3 none_left
		finish
		is "$ended" "signal $(kill -l "$sig" 2>/dev/null | grep '^[0-9]' || /bin/kill -l "$sig")" "$method: dies by $sig"
		is "$(cat "$err")" "" "$method: and says nothing"
	done
done

done_testing
