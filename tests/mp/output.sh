#!/bin/sh
# output: what tasks print reaches stdout whole lines at a time, is complete
# when the result is, and appears once; Ctrl-Z stops workers too; a worker that
# cannot be started is an error.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cat >print.lua <<'END'
local prun = require "prun"
prun.set_start_method(arg[1])
io.write("unflushed ")
local pool <close> = prun.Pool(3)
local list = {}
for i = 1, 300 do list[i] = i end
pool:map(function(x)
  for part = 1, 3 do
    io.write("task ", x, " part ")
    io.write(part, " ", ("x"):rep(x * 7), "\n")
  end
end, list, 1)
print(pool:apply(function()
  io.write("no newline")
  return "|result"
end))
END
for method in fork spawn forkserver; do
	run 20 "$PRUN" print.lua $method
	is "$ended" "exit 0" "$method: status"
	is "$(grep -c '^unflushed \|no newline|result$' "$out")" 2 "$method: what was unflushed appears once, and in order"
	sed 's/^unflushed //' "$out" | grep '^task' | sort >got
	awk 'BEGIN { for (x = 1; x <= 300; x++) for (p = 1; p <= 3; p++) { s = ""; for (i = 0; i < x * 7; i++) s = s "x"; print "task " x " part " p " " s } }' | sort >want
	is_file got want "$method: whole lines"
done

cat >refused.lua <<'END'
local prun = require "prun"
local ok, err = pcall(prun.Pool, { processes = 60, start_method = arg[1] })
print(ok, ok or err.kind)
local pool <close> = prun.Pool(2)
print(pool:apply(math.abs, { -5 }))
END
for method in fork spawn forkserver; do
	run 20 sh -c 'ulimit -n 60; exec "$@"' sh "$PRUN" refused.lua $method
	is "$(cat "$out")" "false	WorkerLostError
5" "$method: too few descriptors for so many workers"
done

cat >stop.lua <<'END'
local prun = require "prun"
local pool <close> = prun.Pool(1)
pool:apply(function()
  local f = io.open("up", "w")
  f:write(require("prun.core.sys").pid())
  f:close()
  os.execute("sleep 100")
end)
END
start 20 "$PRUN" stop.lua
ok "a task runs" wait_until 5 test -s up
worker=$(cat up)
kill -TSTP "$pid"
ok "TSTP: the worker stops" wait_until 5 state_is "$worker" T
kill -CONT "$pid"
ok "CONT: it goes on" wait_until 5 state_is "$worker" S
kill -TERM "$pid"
finish
is "$ended" "signal 15" "and ends"
done_testing
