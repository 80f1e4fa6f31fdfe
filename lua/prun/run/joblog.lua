-- The job log: a row for each job that ended, in GNU parallel's columns.

local loop = require "prun.core.loop"
local sys = require "prun.core.sys"

local Joblog = {}
Joblog.__index = Joblog

local HEADER <const> = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\t" ..
  "Exitval\tSignal\tCommand\n"

-- Seconds that another run has to let go of the log: it may just be dying.
local PATIENCE <const> = 2

local function lock(fd)
  local deadline = loop.now() + PATIENCE
  while not sys.lock(fd) do
    if loop.now() > deadline then
      return false
    end
    loop.turn(0.01)
  end
  return true
end

-- Makes the file's end whole: a row that was torn when a run was killed goes.
local function repair(path)
  local f = io.open(path, "r+b")
  if not f then
    return nil
  end
  local text = f:read("a")
  f:close()
  local whole = text:match("^.*\n") or ""
  if whole ~= text then
    local ok, err = sys.truncate(path, #whole)
    if not ok then
      return nil, "job log " .. err
    end
  end
  return whole
end

--- Opens the log and locks it, so that no other run writes to it.
-- @param path string; with a "+" before it rows are added to what is there
-- @param keep boolean: also add, and give what is there
-- @return a log, with field `text` (what was there, when it is kept); or nil
--   and a message
local function open(path, keep)
  local add = path:match("^%+(.+)$")
  path = add or path
  keep = keep or add ~= nil
  local fd, err = sys.open(path, "a")
  if not fd then
    return nil, "job log " .. err
  end
  if not lock(fd) then
    sys.close(fd)
    return nil, "job log " .. path .. ": another run is writing to it"
  end
  local self = setmetatable({ fd = fd, path = path }, Joblog)
  -- Only now is it ours to change.
  if keep then
    self.text, err = repair(path)
    if not self.text then
      return nil, err
    end
  else
    local fresh = sys.open(path, "w")
    if fresh then
      sys.close(fresh)
    end
  end
  if self.text and self.text ~= "" then
    if self.text:sub(1, 4) ~= HEADER:sub(1, 4) then
      return nil, "job log " .. path .. ": is no job log; name another file"
    end
    return self
  end
  local ok
  ok, err = sys.write(fd, HEADER)
  if not ok then
    return nil, "job log " .. path .. ": " .. err
  end
  return self
end

-- Causes of ends that are not the job's own: it is to be run again.
local UNFINISHED <const> = { halt = true, interrupt = true, hangup = true }

-- The exit value as GNU parallel writes it; -2 for a job that was not let end.
local function exit_value(job)
  if job.cause == "timeout" then
    return -1
  elseif UNFINISHED[job.cause] then
    return -2
  end
  return job.code < 0 and 0 or job.code
end

--- Writes the row of a job that ended, whole, in one write.
-- @param job see prun.run.scheduler
-- @param start seconds since the epoch
-- @param command string, as the shell would read it; a newline in it is
--   written as NUL, so that a row is a line
-- @return true, or nil and a message
function Joblog:write(job, start, command)
  local ok, err = sys.write(self.fd, string.format(
    "%d\t:\t%.3f\t%10.3f\t0\t%d\t%d\t%d\t%s\n", job.seq, start, job.seconds,
    job.bytes, exit_value(job), job.signal, (command:gsub("\n", "\0"))))
  if not ok then
    return nil, "job log " .. self.path .. ": " .. err
  end
  return true
end

function Joblog:close()
  sys.close(self.fd)
end

return { open = open }
