-- Termination sequences: signals with waits between them, until all have ended.

local loop = require "prun.core.loop"
local sys = require "prun.core.sys"

local M = {}

-- A clean-up handler of a job has two seconds.
M.default = "TERM,2000,KILL"

--- Parses a sequence.
-- @param text string: signals and milliseconds in turn, as GNU parallel's
--   --term-seq: "TERM,200,TERM,100,KILL,25"
-- @return list of {signal = number, wait = seconds}, or nil and a message
function M.parse(text)
  local steps, expect_signal = {}, true
  for word in (text .. ","):gmatch("([^,]*),") do
    local n = expect_signal and sys.signal_number(word) or
      not expect_signal and tonumber(word)
    if not n or (not expect_signal and n < 0) then
      return nil, string.format("'%s' is no termination sequence: '%s' is " ..
        "not a %s (example: TERM,200,KILL)", text, word,
        expect_signal and "signal" or "number of milliseconds")
    end
    if expect_signal then
      steps[#steps + 1] = { signal = n, wait = 0 }
    else
      steps[#steps].wait = n / 1000
    end
    expect_signal = not expect_signal
  end
  return steps
end

local Ending = {}
Ending.__index = Ending

--- Begins to end jobs.
-- @param steps what `parse` returned
-- @param signal function(number): sends a signal to those of the jobs that
--   still run; returns false when none does
-- @return an ending, which `hurry` makes immediate
function M.start(steps, signal)
  local self = setmetatable({ steps = steps, at = 0, signal = signal }, Ending)
  self.timer = loop.timer(function()
    self:step()
  end)
  self:step()
  return self
end

function Ending:step()
  self.at = self.at + 1
  local step = self.steps[self.at]
  if not step or not self.signal(step.signal) then
    return
  end
  if self.steps[self.at + 1] then
    self.timer:start(step.wait)
  end
end

--- Sends nothing more.
function Ending:stop()
  self.timer:stop()
  self.at = #self.steps
end

--- Sends SIGKILL at once.
function Ending:hurry()
  self.timer:stop()
  self.at = #self.steps
  self.signal(sys.signal_number("KILL"))
end

return M
