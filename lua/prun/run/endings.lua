-- The scheduler's other half: how jobs end, starts that are refused, and how
-- all is stopped. Loaded when the first of these happens.

local later = require "prun.later"
local loop = require "prun.core.loop"
local sys = require "prun.core.sys"

-- How long a refused fork is tried again, and the waits between, in seconds.
local PATIENCE <const> = 60
local FIRST_WAIT <const> = 0.01
local LONGEST_WAIT <const> = 1

-- Errors of a start that pass, and how long they are waited for, in seconds: too
-- many descriptors or processes, a program that is just being written.
local passing = { [sys.EMFILE] = PATIENCE, [sys.ENFILE] = PATIENCE,
  [sys.EAGAIN] = PATIENCE, [sys.ENOMEM] = PATIENCE, [sys.ETXTBSY] = 1 }

--- Puts the methods into the class.
return function(Scheduler)

later(Scheduler, "prun.run.again", "try_again put_back")

-- How many jobs there will be in all; nil when the input is not known so far.
function Scheduler:total()
  if self.total_jobs then
    return self.total_jobs
  end
  local ahead, all = self.source:read_ahead(self.counting)
  return (all or self.at_end) and self.seq + ahead or nil
end

-- Whether the number of jobs is known, for which all input is read.
function Scheduler:counted()
  self.total_jobs = self:total()
  if self.total_jobs then
    self.counting = false
    return true
  end
  self.wanting = true
  self.source:watch(function()
    self.wanting = false
  end)
  return false
end

function Scheduler:finish(job)
  local tally = self.tally
  if job.failed then
    tally.failed = tally.failed + 1
  else
    tally.succeeded = tally.succeeded + 1
  end
  self.on_end(job)
  if self.halt and not self.stopped then
    if self.halt.percent then
      tally.total = self:total()
    end
    local when = self.halt:decide(tally)
    if when then
      self.halted_by = job
      self:stop(when, "halt")
    end
  end
end

-- The cause of an end, unless it was ours and is known.
local function cause_of(code)
  return code == -1 and "signal" or "exit"
end

function Scheduler:ended(job, code, signal, seconds, bytes, err)
  self.running = self.running - 1
  self.jobs[job] = nil
  self:give_slot(job.slot)
  if job.ending then
    -- What ends this attempt must not end the next.
    job.ending:stop()
    job.ending = nil
  end
  job.code, job.signal, job.seconds, job.bytes = code, signal, seconds, bytes
  job.cause = job.cause or cause_of(code)
  if err then
    job.error = "its output could not be kept: " .. err ..
      " (see --tmpdir)"
  end
  job.failed = code ~= 0 or job.cause == "timeout" or err ~= nil
  if self.slots < self.most then
    self.slots = self.slots + 1
  end
  if job.cause == "memory" and not self.stopped then
    -- Put back: this was no attempt.
    job.attempt, job.cause = job.attempt - 1, false
    self.again[#self.again + 1] = job
    return
  elseif job.failed and job.attempt < self.retries and not self.stopped and
    not err then
    job.cause = false
    self:try_again(job)
    return
  end
  self:finish(job)
end

-- A job that never ran.
function Scheduler:fail(job, cause, message, code)
  job.code, job.signal, job.seconds, job.bytes = code, 0, 0, 0
  job.cause, job.error, job.failed = cause, message, true
  self:finish(job)
end

-- Wait for a while, longer each time; false when it has been too long.
function Scheduler:be_patient(patience)
  local now = loop.now()
  self.refused = self.refused or now
  if now - self.refused > patience then
    return false
  end
  self.wait = math.min(LONGEST_WAIT, (self.wait or FIRST_WAIT / 2) * 2)
  self.waiting = true
  self.wait_timer:start(self.wait)
  return true
end

-- A start that was refused: wait, run fewer at a time, or give the job up.
function Scheduler:refuse(job, message, errno, step)
  self:give_slot(job.slot)
  if passing[errno] and not (errno == sys.EMFILE and self.running == 0) then
    if self.running > 0 and self.slots > self.running then
      if not self.told then
        self.told = true
        self.on_notice(string.format("only %d job%s can run at a time now: %s",
          self.running, self.running == 1 and "" or "s", message))
      end
      self.slots = self.running
    end
    if self:be_patient(passing[errno]) then
      table.insert(self.again, 1, job)
      return
    end
  end
  self.refused, self.wait = nil, nil
  local code = 126
  if step == "exec" then
    code = errno == sys.ENOENT and 127 or 126
  end
  if errno == sys.E2BIG then
    message = "the arguments are too long for the system: " .. message
  end
  self:fail(job, "start", message, code)
end

-- Stops.

function Scheduler:running_jobs()
  local list = {}
  for job in pairs(self.jobs) do
    list[#list + 1] = job
  end
  table.sort(list, function(a, b)
    return a.seq < b.seq
  end)
  return list
end

function Scheduler:terminate(jobs, cause)
  for _, job in ipairs(jobs) do
    job.cause = job.cause or cause
  end
  local termseq = require "prun.run.termseq"
  local steps = self.steps or termseq.parse(termseq.default)
  return termseq.start(steps, function(number)
    local alive = {}
    for _, job in ipairs(jobs) do
      if self.jobs[job] then
        alive[#alive + 1] = job
      end
    end
    self.runner:signal(alive, number)
    return #alive > 0
  end)
end

function Scheduler:timed_out(job)
  job.cause = job.cause or "timeout"
  job.ending = self:terminate({ job }, "timeout")
end

-- Whether there is, or may be, input that no job was started for.
function Scheduler:has_more()
  if self.at_end then
    return false
  end
  local args, why = self.source:next()
  return args ~= nil or why ~= "end"
end

--- Starts no more jobs; those that wait to be tried again have failed.
-- @param when "soon": let the running ones end; "now": end them
-- @param cause string: "halt", "interrupt" or "hangup"
function Scheduler:stop(when, cause)
  if not self.stopped then
    self.stopped = cause
    self.left = #self.again > 0 or self.delayed > 0 or self:has_more()
  end
  local again = self.again
  self.again = {}
  for job, timer in pairs(self.late or {}) do
    timer:stop()
    again[#again + 1] = job
  end
  self.late, self.delayed = nil, 0
  for _, job in ipairs(again) do
    if job.code then
      job.cause = "exit"
      self:finish(job)
    end
  end
  if when == "now" then
    self.ending = self:terminate(self:running_jobs(), cause)
  end
end

--- Kills what still runs, at once.
function Scheduler:kill()
  if self.ending then
    self.ending:hurry()
  end
  self.runner:signal(self:running_jobs(), sys.signal_number("KILL"))
end

--- Stops the running jobs' processes ("STOP") or lets them go on ("CONT").
function Scheduler:signal(name)
  self.runner:signal(self:running_jobs(), sys.signal_number(name))
end

end
