-- A runner that runs nothing: it shows the commands instead.

local sys = require "prun.core.sys"

local DryRun = {}
DryRun.__index = DryRun

--- Makes a runner with the messages of prun.run.runner.
-- @param spec table: `template`, `write` (function(text))
local function new(spec)
  return setmetatable({ template = spec.template, write = spec.write }, DryRun)
end

--- Shows the job; it has ended with success at once.
function DryRun:start(job)
  local text, err = self.template:shell(job.args, job.seq, job.slot)
  if not text then
    return nil, err, nil, "template"
  end
  job.text = text .. "\n"
  self.listener:ended(job, 0, 0, 0, 0)
  return true
end

function DryRun:print(job, prefix)
  self.write((prefix or "") .. job.text)
  return true
end

function DryRun:usage()
  return sys.time(), 0, 0, 0
end

function DryRun:elapsed()
  return 0
end

function DryRun:describe(job)
  return (self.template:shell(job.args, job.seq, job.slot)) or ""
end

function DryRun:signal() end

function DryRun:release(job)
  job.text = nil
end

function DryRun:show() end

return { new = new }
