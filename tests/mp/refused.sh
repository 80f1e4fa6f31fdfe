#!/bin/sh
# refused: a worker that cannot be replaced is replaced later; until then the
# pool serves on with those it has. And a pool that waits does not wake up.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >script.lua <<'END'
local prun = require "prun"
local pool <close> = prun.Pool { processes = 2, start_method = arg[1] }
pool:map(math.abs, { 1, 2 }, 1)
local pids, files = pool:pids(), {}
while true do
  local f = io.open("/dev/null")
  if not f then break end
  files[#files + 1] = f
end
prun.sleep(0)
os.execute("kill -KILL " .. pids[1])
local limit = prun.time() + 5
while #pool:pids() > 1 and prun.time() < limit do
  prun.sleep(0.01)
end
local r = pool:map(math.abs, { -1, -2, -3, -4 }, 1)
print(table.concat(r, " ") .. " " .. #pool:pids())
for _, f in ipairs(files) do f:close() end
limit = prun.time() + 5
while #pool:pids() < 2 and prun.time() < limit do
  prun.sleep(0.02)
end
print(#pool:pids() .. " " .. table.concat(pool:map(math.abs, { -5, -6 }, 1), " "))
END
for method in fork spawn forkserver; do
	run 20 sh -c 'ulimit -n 60; exec "$@"' sh "$PRUN" script.lua $method
	is "$(cat "$out")" "1 2 3 4 1
2 5 6" "$method: fewer workers for a while"
	is "$ended" "exit 0" "$method: status"
done

cat >idle.lua <<'END'
local prun = require "prun"
local pool <close> = prun.Pool(2)
pool:map(math.abs, { 1, 2, 3 })
local pids = pool:pids()
pids[3] = require("prun.core.sys").pid()
local function switches()
  local sum = 0
  for _, pid in ipairs(pids) do
    local f <close> = io.open("/proc/" .. pid .. "/status")
    sum = sum + f:read("a"):match("\nvoluntary_ctxt_switches:%s*(%d+)")
  end
  return sum
end
prun.sleep(1.5)
local before = switches()
prun.sleep(3)
print(switches() - before)
END
run 20 "$PRUN" idle.lua
between "$(cat "$out")" 0 5 "a pool that waits: few wake-ups in three seconds"
done_testing
