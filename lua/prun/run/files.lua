-- The runner's rarer ways: blocks of input in files, output to files, the number
-- of the slot in a variable.

local core = require "prun.core.job"
local sys = require "prun.core.sys"
local temporary = require "prun.run.temporary"

--- Puts the methods into the class.
return function(Runner)

-- How jobs of this slot are started: its number, from 0, is in their
-- environment.
function Runner:slot_launcher(slot)
  local launcher = self.by_slot[slot]
  if not launcher then
    local setenv = { [self.slot_var] = tostring(slot - 1) }
    launcher = core.launcher(setmetatable({ setenv = setenv },
      { __index = self.spec }))
    self.by_slot[slot] = launcher
  end
  return launcher
end

-- --cat: the job's block in a file, which is its value.
function Runner:put_in_file(job)
  local fd, path = temporary(self.cat, job.seq)
  local ok, err = fd, path
  if fd then
    ok, err = sys.write(fd, job.args.block)
    sys.close(fd)
  end
  if not ok then
    return nil, "--cat: " .. err
  end
  job.args.file, job.args[1], job.args.n = path, path, 1
  return true
end

--- Writes the job's output of one stream ("stdout", "stderr") to fd.
-- @return true, or nil and a message
function Runner:save(job, stream, fd)
  if job.handle then
    return job.handle:save(stream, fd)
  end
  return true
end

--- The job's output as strings, which it keeps no longer: stdout, stderr.
function Runner:texts(job)
  if job.handle then
    return self:read(job)
  end
  return "", ""
end

--- Forgets the output of one stream.
function Runner:drop(job, stream)
  if job.handle then
    job.handle:drop(stream)
  end
end

end
