-- The scheduler: which job starts when, what is tried again, when to stop.

local loop = require "prun.core.loop"

local later = require "prun.later"

local Scheduler = {}
Scheduler.__index = Scheduler

later(Scheduler, "prun.run.endings", "total finish ended fail be_patient " ..
  "refuse running_jobs terminate timed_out has_more stop kill signal counted")
later(Scheduler, "prun.run.again", "try_again put_back")

-- Jobs started in one turn of the loop, so that output is never starved.
local STARTS_A_TURN <const> = 8

--- Makes a scheduler.
--
-- A job is a table: `seq` (from 1), `args`, `slot`, `attempt`; once it ended
-- `code`, `signal`, `seconds`, `bytes`, `failed`, `cause` ("exit", "signal",
-- "timeout", "halt", "interrupt", "start", "input") and `error`, a message.
--
-- @param spec table:
--   source: see prun.run.source
--   runner: see prun.run.runner
--   slots: integer, jobs at a time
--   halt: rule of prun.run.halt, or nil
--   retries: integer, how often a failing job is run in all (default 1)
--   retry_delay: seconds before it is run again, or nil
--   gate: see prun.run.gate, or nil
--   term_seq: steps of prun.run.termseq
--   on_start(job), on_end(job): each job's end is told once
--   on_notice(text): something the user should know
--   may_start(): false while starting must wait; call `pump` when it is over
--   skip(args, seq): whether a job is left out; on_skip(seq) is told
--   total_jobs: integer, when it is known; needs_total: nothing starts before
--   the number of jobs is
local function new(spec)
  local self = setmetatable({ source = spec.source, runner = spec.runner,
    slots = spec.slots, most = spec.slots, halt = spec.halt,
    retries = spec.retries or 1, retry_delay = spec.retry_delay,
    delayed = 0, on_start = spec.on_start,
    on_end = spec.on_end, on_notice = spec.on_notice,
    may_start = spec.may_start, gate = spec.gate, skip = spec.skip, on_skip = spec.on_skip,
    total_jobs = spec.total_jobs,
    counting = spec.needs_total and not spec.total_jobs, running = 0, jobs = {}, again = {}, free = {},
    seq = 0, tally = { failed = 0, succeeded = 0 },
    steps = spec.term_seq }, Scheduler)
  spec.runner.listener = self
  self.wait_timer = loop.timer(function()
    self.waiting = nil
  end)
  return self
end

-- Slots: the lowest free number.

function Scheduler:take_slot()
  local free = self.free
  local slot = table.remove(free)
  if not slot then
    slot = self.running + 1
  end
  return slot
end

-- Keeps the free numbers in falling order, so that the lowest is the last.
function Scheduler:give_slot(slot)
  local free = self.free
  local i = #free
  while i > 0 and free[i] < slot do
    free[i + 1] = free[i]
    i = i - 1
  end
  free[i + 1] = slot
end

-- Starts.

function Scheduler:start(job)
  job.slot = self:take_slot()
  job.attempt = job.attempt + 1
  self.running = self.running + 1
  self.jobs[job] = true
  local ok, message, errno, step = self.runner:start(job)
  if not ok then
    job.attempt = job.attempt - 1
    self.running = self.running - 1
    self.jobs[job] = nil
    self:refuse(job, message, errno, step)
    return
  end
  self.refused, self.wait = nil, nil
  if self.gate then
    self.gate:started()
  end
  if self.on_start then
    self.on_start(job)
  end
end

-- All of a job's fields at once, so that the table never has to grow.
local function new_job(seq, args)
  return { seq = seq, args = args, slot = 0, attempt = 0, code = false,
    signal = 0, seconds = 0, bytes = 0, cause = false, failed = false,
    error = false, handle = false }
end

-- The next job to start, or nil.
function Scheduler:next_job()
  if #self.again > 0 then
    return table.remove(self.again, 1)
  end
  if self.at_end or self.wanting or self.counting and not self:counted() then
    return nil
  end
  local args, why, message = self.source:next()
  if args then
    self.seq = self.seq + 1
    if self.skip and self.skip(args, self.seq) then
      self.on_skip(self.seq)
      return self:next_job()
    end
    return new_job(self.seq, args)
  elseif why == "wait" then
    self.wanting = true
    self.source:watch(function()
      self.wanting = false
    end)
  elseif why == "bad" then
    self.seq = self.seq + 1
    self:fail(new_job(self.seq, { n = 0 }), "input", message, 126)
    return self:next_job()
  else
    self.at_end = true
    if why == "error" then
      self.input_error = message
      self.on_notice(message)
    end
  end
  return nil
end

-- Whether there may be a job to start.
function Scheduler:has_next()
  return #self.again > 0 or not (self.at_end or self.wanting)
end

--- Starts what can be started now. Returns whether there is more to start.
function Scheduler:pump()
  local started = 0
  while self.running < self.slots and not self.stopped and
    not self.waiting and (not self.may_start or self.may_start()) do
    if self.gate and self:has_next() and not self.gate:is_open() then
      return false
    end
    if started == STARTS_A_TURN then
      return true
    end
    local job = self:next_job()
    if not job then
      return false
    end
    self:start(job)
    started = started + 1
  end
  return false
end

--- Whether every job that will be started has ended.
function Scheduler:is_done()
  return self.running == 0 and (self.stopped or
    (self.at_end and #self.again == 0 and self.delayed == 0)) and true or false
end

--- One turn: start what can be started, wait for what happens.
function Scheduler:turn()
  local more = self:pump()
  if not self:is_done() then
    loop.turn(more and 0 or nil)
  end
end

--- Closes the inputs.
function Scheduler:close()
  self.source:close()
  self.wait_timer:stop()
end

--- Loads what is needed once a job has ended: while the first one runs.
local function prepare()
  require("prun.run.endings")(Scheduler)
end

return { new = new, prepare = prepare }
