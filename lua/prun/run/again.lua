-- The scheduler's second attempts: of jobs that failed, of jobs that were put
-- back.

local loop = require "prun.core.loop"

--- Puts the methods into the class.
return function(Scheduler)

-- A failing job gets another attempt, at once or later.
function Scheduler:try_again(job)
  if not self.retry_delay then
    self.again[#self.again + 1] = job
    return
  end
  self.delayed = self.delayed + 1
  self.late = self.late or {}
  self.late[job] = loop.timer(function()
    self.late[job] = nil
    self.delayed = self.delayed - 1
    self.again[#self.again + 1] = job
  end)
  self.late[job]:start(self.retry_delay)
end

--- Memory is short: the job that started last is ended and run again later.
function Scheduler:put_back()
  local youngest
  for job in pairs(self.jobs) do
    if job.cause == "memory" then
      return
    end
    if not youngest or job.seq > youngest.seq then
      youngest = job
    end
  end
  if youngest and not youngest.cause then
    youngest.ending = self:terminate({ youngest }, "memory")
  end
end

end
