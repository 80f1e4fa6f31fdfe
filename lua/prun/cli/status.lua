-- What a run comes to: the exit status, and the last line on stderr.

local sink = require "prun.core.sink"
local sys = require "prun.core.sys"

local Status = {}
Status.__index = Status

local USAGE <const> = 255
local MOST <const> = 101

-- Failed jobs that the last line names.
local NAMED <const> = 3

--- @param opts the options: `summary`
local function new(opts)
  return setmetatable({ always = opts.summary, rule = opts.exit, first = {},
    most = 0 }, Status)
end

local function how(job)
  if job.cause == "timeout" then
    return "timed out"
  elseif job.cause == "start" or job.cause == "input" then
    return "did not start"
  elseif job.signal > 0 then
    return "killed by SIG" .. (sys.signal_name(job.signal) or job.signal)
  elseif job.code == 0 then
    return "output lost"
  end
  return "exit " .. job.code
end

--- Counts a job that failed.
function Status:failed(job)
  local own = job.signal > 0 and 128 + job.signal or job.code
  own = own > 0 and own or 1
  self.most = math.max(self.most, own)
  self.own = self.own or own
  if #self.first < NAMED then
    self.first[#self.first + 1] = string.format("%d (%s)", job.seq, how(job))
  end
end

--- Says how many jobs failed, when somebody looks.
function Status:finish(scheduler)
  local failed = scheduler.tally.failed
  local wanted = self.always or (failed > 0 and sys.isatty(2))
  if not wanted or self.broken_pipe then
    return
  end
  local all = failed + scheduler.tally.succeeded
  local text = string.format("prun: %d of %d job%s failed", failed, all,
    all == 1 and "" or "s")
  if failed > 0 then
    text = text .. ": " .. table.concat(self.first, ", ") ..
      (failed > #self.first and ", ..." or "")
  end
  sink.err(text .. "\n")
end

-- The status of a run that a halt rule ended, as GNU parallel has it: that of
-- the job when one was enough, 0 when enough succeeded; nil: as without a rule.
local function of_halt(halt, job)
  if halt.count == 1 and not halt.percent then
    local code = job.signal > 0 and 128 + job.signal or job.code
    -- It may have failed with status 0: by a timeout.
    return job.failed and code == 0 and USAGE or code
  elseif halt.what == "success" then
    return 0
  end
end

--- The exit status. A signal that ended the run ends the program here.
function Status:result(scheduler)
  if self.broken_pipe then
    sys.die(sys.signal_number("PIPE"))
  elseif self.signal then
    sys.die(sys.signal_number(self.signal))
  end
  if self.trouble or scheduler.input_error or sink.error() then
    return USAGE
  end
  local job = scheduler.halted_by
  local status = job and of_halt(scheduler.halt, job)
  if status then
    return status
  end
  return self:of_rule(scheduler.tally.failed)
end

-- --exit: what the failed jobs come to.
function Status:of_rule(failed)
  if failed == 0 then
    return 0
  elseif self.rule == "any" then
    return 1
  elseif self.rule == "max" then
    return self.most
  elseif self.rule == "first" then
    return self.own
  end
  return math.min(failed, MOST)
end

return { new = new }
