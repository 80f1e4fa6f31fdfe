-- The runner of this machine: starts jobs as processes, keeps their output.

local core = require "prun.core.job"
local sys = require "prun.core.sys"
local loop = require "prun.core.loop"

local Runner = {}
Runner.__index = Runner

require("prun.later")(Runner, "prun.run.files",
  "slot_launcher put_in_file save texts drop")

--- A runner starts what a scheduler gives it, and says how it ended. Nothing
-- above it knows processes or descriptors, so that another kind of runner can
-- run jobs elsewhere, or nowhere (see prun.run.dryrun). Its messages:
--
--   runner:start(job)         true; or nil, message, errno, step
--   runner:signal(jobs, n)    a signal to running jobs
--   runner:print(job, prefix) the job's kept output goes to stdout and stderr
--   runner:save, texts, drop  the kept output, for files
--   runner:release(job)       its output is no longer wanted
--   runner.listener           set by the scheduler; it is told
--     listener:ended(job, code, signal, seconds, bytes, error)
--     listener:timed_out(job)
--
-- @param spec table: `template` (see prun.run.template), `shell` (path), and
--   what prun.core.job.launcher takes; `first_stdin`: what the first job has
--   as standard input; `live` (boolean): lines are given out as they come;
--   `slot_var`: a variable that holds the slot's number, from 0, or nil;
--   `cat`: the folder for files with blocks of input (--cat), or nil
-- @return a runner
local function new(spec)
  local self = setmetatable({ template = spec.template, live = spec.live,
    argv = {}, shell_argv = { spec.shell, "-c", false }, shell = spec.shell,
    idle = {}, running = {}, prefix = spec.prefix, cat = spec.cat,
    slot_var = spec.slot_var, by_slot = {}, spec = spec }, Runner)
  self.launcher = core.launcher(spec)
  if spec.first_stdin then
    local first = setmetatable({ stdin = spec.first_stdin }, { __index = spec })
    self.first = core.launcher(setmetatable({}, { __index = first }))
  end
  local running = self.running
  self.callback = function(handle, code, ...)
    local job = running[handle]
    if not code then
      self.listener:timed_out(job)
      return
    end
    running[handle] = nil
    self.listener:ended(job, code, ...)
  end
  return self
end

-- What to execute for the job: path, argv and its length; or nil and a message.
function Runner:command(job)
  local template = self.template
  if template.direct then
    local n, err = template:argv(self.argv, job.args, job.seq, job.slot)
    return n and template.program, n and self.argv or err, n
  end
  local text, err = template:shell(job.args, job.seq, job.slot)
  if not text then
    return nil, err
  end
  self.shell_argv[3] = text
  return self.shell, self.shell_argv, 3
end

-- A file without #! is for the shell to read, as a shell would do.
function Runner:start_script(launcher, handle, job, path, n)
  local argv = { "/bin/sh", path, table.unpack(self.argv, 2, n) }
  return launcher:start(handle, "/bin/sh", argv, n + 1, job.seq, job.slot)
end

--- Starts a job: fields `args`, `seq`, `slot`.
-- @return true; or nil, message, errno and the step that failed ("template"
--   without errno: the values do not fit the command)
function Runner:start(job)
  if self.cat and not job.args.file then
    local ok, err = self:put_in_file(job)
    if not ok then
      return nil, err, nil, "template"
    end
  end
  local path, argv, n = self:command(job)
  if not path then
    return nil, argv, nil, "template"
  end
  local idle = self.idle
  local handle = job.handle or table.remove(idle) or core.new(self.callback)
  if job.handle then
    handle:drop()
  end
  if self.live then
    self:go_live(handle, job)
  end
  if job.args.block and not self.cat then
    handle:input(job.args.block)
  end
  local launcher = self.first or self.launcher
  if self.slot_var then
    launcher = self:slot_launcher(job.slot)
  end
  local ok, message, errno, step = launcher:start(handle, path, argv, n,
    job.seq, job.slot)
  if not ok and errno == sys.ENOEXEC and step == "exec" then
    ok, message, errno, step = self:start_script(launcher, handle, job, path, n)
  end
  if not ok then
    idle[#idle + 1] = handle
    job.handle = false
    return nil, message, errno, step
  end
  self.first = nil
  job.handle = handle
  self.running[handle] = job
  return true
end

function Runner:go_live(handle, job)
  handle:live(self.prefix and self.prefix(job))
end

--- Gives out the lines of a running job as they come, from now on.
function Runner:show(job)
  if job.handle and self.running[job.handle] then
    self:go_live(job.handle, job)
  end
end

--- Sends a signal to running jobs and all that descends from them.
-- @param jobs list of jobs
-- @param number integer
function Runner:signal(jobs, number)
  local handles = {}
  for _, job in ipairs(jobs) do
    if self.running[job.handle] then
      handles[#handles + 1] = job.handle
    end
  end
  if #handles > 0 then
    core.signal(handles, number)
  end
end

--- Gives the job's output to stdout and stderr, a prefix before each line.
-- @return true, or nil and a message
function Runner:print(job, prefix)
  if job.handle then
    return job.handle:print(prefix)
  end
  return true
end

--- The job's output as strings: stdout, stderr.
function Runner:read(job)
  return job.handle:read("stdout"), job.handle:read("stderr")
end

--- What the job used: start (seconds since the epoch), user and system
-- seconds, the most resident memory in KiB.
function Runner:usage(job)
  if job.handle then
    return job.handle:usage()
  end
  return sys.time(), 0, 0, 0
end

--- Seconds that a running job has run.
function Runner:elapsed(job)
  return job.handle:elapsed()
end

--- Forgets the job's output; the place is used for another job.
function Runner:release(job)
  local handle = job.handle
  if job.args.file then
    os.remove(job.args.file)
  end
  if handle then
    handle:drop()
    if self.live or self.prefix then
      handle:live(false)
    end
    job.handle = false
    self.idle[#self.idle + 1] = handle
  end
end

--- The command of a job as shell text, for people and logs.
function Runner:describe(job)
  return (self.template:shell(job.args, job.seq, job.slot)) or ""
end

return { new = new, now = loop.now }
