-- The progress line on a terminal's stderr: a bar, or an estimate.

local sink = require "prun.core.sink"
local sys = require "prun.core.sys"
local loop = require "prun.core.loop"

local Progress = {}
Progress.__index = Progress

-- Seconds between two drawings at the least, and when nothing happens.
local PAUSE <const> = 0.1
local TICK <const> = 1

--- Makes a progress line; it draws nothing when stderr is no terminal.
-- @param spec table: `bar` (boolean), `eta` (boolean), `scheduler`, `source`
-- @return a progress, or nil when there is no terminal to draw on
local function new(spec)
  if not sys.isatty(2) then
    return nil
  end
  local self = setmetatable({ bar = spec.bar, eta = spec.eta,
    scheduler = spec.scheduler, source = spec.source, began = loop.now(),
    drawn_at = 0 }, Progress)
  self.timer = loop.timer(function()
    self:draw()
  end)
  self.timer:start(PAUSE)
  return self
end

local function duration(s)
  s = math.floor(s + 0.5)
  if s < 60 then
    return s .. "s"
  elseif s < 3600 then
    return string.format("%dm%02ds", s // 60, s % 60)
  end
  return string.format("%dh%02dm", s // 3600, s % 3600 // 60)
end

--- The text of the line.
-- @param state table: `done`, `running`, `failed`, `total` (or nil), `elapsed`
--   (seconds), `columns`, `bar` (boolean)
-- @return string, no longer than columns - 1
local function line(state)
  local done, total = state.done, state.total
  local text = total and string.format("%d/%d", done, total) or done .. " done"
  if state.failed > 0 then
    text = text .. string.format(", %d failed", state.failed)
  end
  if state.running > 0 then
    text = text .. string.format(", %d running", state.running)
  end
  if total and done > 0 and done < total then
    text = text .. ", " ..
      duration(state.elapsed / done * (total - done)) .. " left"
  elseif not total then
    text = text .. ", " .. duration(state.elapsed)
  end
  if state.bar and total and total > 0 then
    local room = math.max(0, math.min(50, state.columns - #text - 10))
    local full = room * done // total
    text = string.format("%3d%% [%s%s] %s", 100 * done // total,
      ("#"):rep(full), ("."):rep(room - full), text)
  end
  return text:sub(1, math.max(0, state.columns - 1))
end

function Progress:state()
  local scheduler = self.scheduler
  local tally = scheduler.tally
  local ahead, all = 0, scheduler.at_end
  if not scheduler.stopped then
    ahead, all = self.source:read_ahead()
  end
  all = all or scheduler.at_end
  return { done = tally.failed + tally.succeeded, failed = tally.failed,
    running = scheduler.running, elapsed = loop.now() - self.began,
    total = all and scheduler.seq + ahead or nil, bar = self.bar,
    columns = sys.columns(2) or 80 }
end

--- Draws the line, unless it was drawn a moment ago.
function Progress:draw()
  local now = loop.now()
  if self.ended then
    return
  end
  if now - self.drawn_at < PAUSE then
    self.timer:start(PAUSE)
    return
  end
  self.drawn_at = now
  sink.status(line(self:state()))
  self.timer:start(TICK)
end

--- A job has begun or ended, and perhaps its output took the line away.
function Progress:changed()
  if loop.now() - self.drawn_at >= PAUSE then
    self:draw()
  else
    self.timer:start(PAUSE)
  end
end

--- Takes the line away for good.
function Progress:close()
  sink.status("")
  self.ended = true
  self.timer:stop()
end

return { new = new, line = line }
