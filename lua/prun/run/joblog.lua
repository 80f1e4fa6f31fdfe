-- The job log: a row for each job that ended, in GNU parallel's columns.

local sys = require "prun.core.sys"

local Joblog = {}
Joblog.__index = Joblog

local HEADER <const> = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\t" ..
  "Exitval\tSignal\tCommand\n"

--- Makes the log anew and locks it, so that no other run writes to it.
-- @param path string
-- @return a log, or nil and a message
local function open(path)
  local fd, err = sys.open(path, "a")
  if not fd then
    return nil, "job log " .. err
  end
  if not sys.lock(fd) then
    sys.close(fd)
    return nil, "job log " .. path .. ": another run is writing to it"
  end
  -- Only now is it ours to empty.
  local fresh = sys.open(path, "w")
  if fresh then
    sys.close(fresh)
  end
  local self = setmetatable({ fd = fd, path = path }, Joblog)
  local ok
  ok, err = sys.write(fd, HEADER)
  if not ok then
    return nil, "job log " .. path .. ": " .. err
  end
  return self
end

-- The exit value as GNU parallel writes it.
local function exit_value(job)
  if job.cause == "timeout" then
    return -1
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
