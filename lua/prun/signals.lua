-- Signals to the program: counted once each, and handed to whom they concern.

local loop = require "prun.core.loop"
local sys = require "prun.core.sys"

local M = {}

-- Seconds that what we started has to end, when we end at once.
local GRACE <const> = 0.3

-- Functions that want to know, the latest first asked.
local listeners = {}

-- How often each signal came to us alone, came by way of the keeper, and was
-- acted upon. A terminal sends one Ctrl-C to both processes, killall too:
-- that is one request, not two.
local direct, forwarded, acted = {}, {}, {}

local function default(name)
  if name == "TSTP" then
    sys.stop()
  elseif name ~= "CONT" then
    sys.end_descendants(GRACE)
    sys.die(sys.signal_number(name))
  end
end

local function dispatch(name, by_keeper)
  local count = by_keeper and forwarded or direct
  count[name] = (count[name] or 0) + 1
  local requests = math.max(direct[name] or 0, forwarded[name] or 0)
  if requests == (acted[name] or 0) then
    return
  end
  acted[name] = requests
  for i = #listeners, 1, -1 do
    if listeners[i](name) then
      return
    end
  end
  default(name)
end

-- The keeper is gone, so nobody but us can end what we started.
local function orphaned()
  sys.end_descendants(GRACE)
  sys.exit(255)
end

--- Opens the program's loop and begins to take signals.
-- @param opts table: `portable`, `interrupt` (see prun.core.loop.open)
function M.open(opts)
  assert(loop.open(opts))
  loop.signals(dispatch)
  local fd = sys.keeper()
  if fd then
    M.keeper = loop.watch(orphaned)
    M.keeper:start(fd, "r")
  end
end

--- Asks to be told of signals until `unlisten`.
-- @param fn function(name): name without SIG; returns true when it has dealt
--   with the signal
function M.listen(fn)
  listeners[#listeners + 1] = fn
end

--- Ends what `listen` began.
-- @param fn the same function
function M.unlisten(fn)
  for i = #listeners, 1, -1 do
    if listeners[i] == fn then
      table.remove(listeners, i)
      return
    end
  end
end

return M
