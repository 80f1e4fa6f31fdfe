-- What else happens to a run of commands: output that cannot be written,
-- signals. Loaded when it happens.

local loop = require "prun.core.loop"
local sink = require "prun.core.sink"
local sys = require "prun.core.sys"

local function notice(text)
  sink.err("prun: " .. text .. "\n")
end

--- Puts the methods into the class.
return function(Run)

-- An error that ends the run and is no job's.
function Run:trouble(message)
  self:prepare()
  if not self.status.trouble then
    self.status.trouble = true
    notice(message)
    self.scheduler:stop("now", "trouble")
  end
end

-- The sink ran dry, or cannot write.
function Run:output_changed()
  local message, errno, name = sink.error()
  if not message then
    self.printer:drained()
    return
  end
  if errno == sys.EPIPE and name == "stdout" then
    if not self.status.broken_pipe then
      self.status.broken_pipe = true
      self.scheduler:stop("now", "trouble")
    end
    return
  end
  self:trouble((name == "stdout" and "standard output: " or
    "standard error: ") .. message)
end

-- With -u the jobs write to our stdout: we only see that nobody reads it.
function Run:watch_reader()
  self.reader = loop.watch(function()
    self:prepare()
    self.status.broken_pipe = true
    self.scheduler:stop("now", "trouble")
  end)
  self.reader:start(1, "h")
end

-- Signals.

function Run:list_running()
  for _, job in ipairs(self.scheduler:running_jobs()) do
    sink.err(string.format("prun: job %d, slot %d, %.1f s: %s\n", job.seq,
      job.slot, self.runner:elapsed(job), self.runner:describe(job)))
  end
end

-- Ctrl-Z: the jobs stop with us and go on with us.
function Run:suspend()
  sink.status("")
  self.scheduler:signal("STOP")
  sys.stop()
  self.scheduler:signal("CONT")
end

function Run:interrupt(name)
  if not self.status.signal or self.status.signal == "HUP" then
    self.status.signal = name
    self.scheduler:stop("now", "interrupt")
  else
    self.scheduler:kill()
  end
end

function Run:hang_up()
  if not self.scheduler.stopped then
    self.scheduler:stop("soon", "hangup")
    if self.scheduler.left then
      self.status.signal = "HUP"
    end
  end
end

function Run:signalled(name)
  if name == "INT" or name == "TERM" or name == "QUIT" then
    self:interrupt(name)
  elseif name == "HUP" then
    self:hang_up()
  elseif name == "USR1" then
    self:list_running()
  elseif name == "TSTP" then
    self:suspend()
  end
  return true
end

end
