-- A run of commands from the command line, from its options to its status.

local loop = require "prun.core.loop"
local sink = require "prun.core.sink"
local sys = require "prun.core.sys"
local core_job = require "prun.core.job"
local runners = require "prun.run.runner"
local schedulers = require "prun.run.scheduler"
local shell = require "prun.shell"
local inputs = require "prun.cli.inputs"
local signals = require "prun.signals"

-- The exit status of misuse.
local USAGE <const> = 255

local Run = {}
Run.__index = Run

require("prun.later")(Run, "prun.cli.events",
  "trouble output_changed watch_reader list_running suspend interrupt hang_up signalled")

local function notice(text)
  sink.err("prun: " .. text .. "\n")
end

-- The runner.

local function tag_of(job)
  return table.concat(job.args, " ") .. "\t"
end

-- The first job has prun's own input when the values are on the command line.
-- Not from a terminal: a job, being no foreground process, would stop there.
local function first_stdin(parsed)
  for _, input in ipairs(parsed.inputs) do
    if input.file then
      return nil
    end
  end
  return not sys.isatty(0) and "inherit" or nil
end

-- What begins each line of a job's output: a function; nil; or false and a
-- message.
local function prefix_of(opts, strings)
  if opts.tag then
    return tag_of
  elseif not opts.tagstring then
    return nil
  end
  local templates = require "prun.run.template"
  local ok, text = pcall(require("prun.run.plain").compile, opts.tagstring,
    templates.matcher(strings.strings or templates.strings, strings.matcher))
  if not ok then
    return false, type(text) == "table" and text[1] or text
  end
  return function(job)
    return (text(job) or opts.tagstring) .. "\t"
  end
end

local function new_runner(parsed, template, prefix)
  local opts = parsed.opts
  if opts["dry-run"] then
    return require("prun.run.dryrun").new { template = template,
      write = sink.out }
  end
  local stream = opts.ungroup and "inherit" or "keep"
  local pipe = (opts.pipe or opts["pipe-part"]) and not opts.cat
  return runners.new { template = template, shell = shell.path,
    stdin = pipe and "keep" or nil, slot_var = opts["process-slot-var"],
    cat = opts.cat and (opts.tmpdir or os.getenv("TMPDIR") or "/tmp"),
    stdout = stream, stderr = stream, timeout = opts.timeout,
    first_stdin = first_stdin(parsed),
    live = opts["line-buffer"] and not opts["keep-order"],
    prefix = prefix or nil }
end

-- What is needed once a job has ended is loaded while the first one runs.
function Run:prepare()
  if self.printer then
    return
  end
  self.status = require("prun.cli.status").new(self.opts)
  self.printer = require("prun.cli.printer").new { runner = self.runner,
    log = self.log, keep_order = self.opts["keep-order"],
    prefix = self.prefix, before = self.before, on_trouble = function(message)
      self:trouble(message)
    end }
end

-- Events.

function Run:started(job)
  if self.opts.verbose then
    sink.err(self.runner:describe(job) .. "\n")
  end
  if self.by_seq then
    self.by_seq[job.seq] = job
    self:show_head()
  end
  if self.progress then
    self.progress:changed()
  end
end

-- With --line-buffer and -k the lines of the first job in order are shown.
function Run:show_head()
  self:prepare()
  local job = self.by_seq[self.printer.next_seq]
  if job and not job.shown then
    job.shown = true
    self.runner:show(job)
  end
end

function Run:ended(job)
  self:prepare()
  if job.cause == "timeout" and not job.error then
    job.error = string.format("ended after %.1f seconds, as --timeout asks",
      job.seconds)
  end
  if job.failed then
    self.status:failed(job)
  end
  if self.by_seq then
    self.by_seq[job.seq] = nil
  end
  self.printer:ended(job)
  if self.by_seq then
    self:show_head()
  end
  if self.progress then
    self.progress:changed()
  end
end

-- The run.

local function flush()
  while sink.queued() > 0 and not sink.error() do
    loop.turn()
  end
end

function Run:loop()
  local scheduler = self.scheduler
  scheduler:pump()
  self:prepare()
  schedulers.prepare()
  -- The host stopped it for the start.
  collectgarbage("restart")
  -- Jobs come and go; what was loaded stays.
  collectgarbage("generational")
  while not scheduler:is_done() do
    scheduler:turn()
  end
  self.printer:finish()
  if self.progress then
    self.progress:close()
  end
  flush()
  if sink.error() then
    self:output_changed()
  end
  self.status:finish(scheduler)
  flush()
  self.printer:drained()
end

-- --lua: what stands for a template, and what runs the tasks.
local function new_chunk(parsed)
  if #parsed.command > 0 then
    return nil, string.format("--lua takes no command: '%s' (values stand " ..
      "behind :::)", parsed.command[1])
  end
  return require("prun.cli.tasks").template(parsed.opts.lua)
end

-- Where there are no values on the command line, they come from standard input.
local function read_stdin(parsed)
  if #parsed.inputs == 0 then
    parsed.inputs[1] = { file = "-" }
    if sys.isatty(0) then
      notice("reading values from the terminal, one a line; Ctrl-D ends them")
    end
  end
end

-- Inputs go to the pool in batches; the stream is both source and scheduler.
function Run:stream(parsed, chunk, source)
  self:prepare()
  local err
  self.scheduler, err = require("prun.cli.stream").new { parsed = parsed,
    chunk = chunk, source = source, on_notice = notice,
    on_failed = function(job)
      self.status:failed(job)
    end }
  return self.scheduler and self, err
end

local function new_run(parsed)
  local opts = parsed.opts
  local self = setmetatable({ opts = opts }, Run)
  local source, template, err
  if parsed.refused then
    return nil, parsed.refused
  end
  if opts.lua then
    template, err = new_chunk(parsed)
    if not template then
      return nil, err
    end
  end
  local done
  if opts.resuming then
    self.log, done = require("prun.cli.resuming").open(parsed)
    if self.log == nil then
      return nil, done
    end
  elseif opts.joblog and not opts["dry-run"] then
    self.log, err = require("prun.run.joblog").open(opts.joblog)
    if not self.log then
      return nil, err
    end
  end
  read_stdin(parsed)
  local strings
  source, template, strings = inputs.open(parsed, template)
  if not source then
    return nil, template
  end
  self.prefix, err = prefix_of(opts, strings)
  if self.prefix == false then
    return nil, err
  end
  local skip = template.skip
  if done then
    skip, err = done(template)
    if not skip then
      return nil, err
    end
  end
  if opts.lua and require("prun.cli.stream").fits(opts) then
    return self:stream(parsed, template.chunk, source)
  end
  if opts.lua and not opts["dry-run"] then
    self.runner, err = require("prun.cli.tasks").runner(parsed, template)
  else
    self.runner = new_runner(parsed, template, self.prefix)
  end
  if not self.runner then
    return nil, err
  end
  if opts.saving and not opts["dry-run"] then
    self.before, err = require("prun.cli.saving").before(self, strings,
      source.names)
    if self.before == false then
      return nil, err
    end
  end
  if opts["line-buffer"] and opts["keep-order"] then
    self.by_seq = {}
  end
  self.scheduler = schedulers.new { source = source, runner = self.runner,
    slots = opts.jobs or require("prun.cpus").count(), halt = opts.halt,
    retries = opts.retries, retry_delay = opts["retry-delay"],
    gate = opts.gated and require("prun.run.gate").new(opts, function()
      return self.scheduler
    end) or nil, term_seq = opts["term-seq"],
    on_start = (opts.verbose or self.by_seq or opts.bar or opts.eta) and
      function(job)
        self:started(job)
      end,
    on_end = function(job)
      self:ended(job)
    end,
    on_notice = notice, skip = skip, on_skip = function(seq)
      self:prepare()
      self.printer:skip(seq)
    end, total_jobs = opts["total-jobs"],
    needs_total = template.needs_total,
    may_start = function()
      return not self.printer or self.printer:has_room()
    end }
  local expression = package.loaded["prun.run.expression"]
  if expression then
    expression.run(self.scheduler)
  end
  if opts.bar or opts.eta then
    self.progress = require("prun.cli.progress").new { bar = opts.bar,
      eta = opts.eta, scheduler = self.scheduler, source = source }
  end
  return self
end

--- Runs the command line.
-- @param parsed what prun.cli.parse returned
-- @return exit status; does not return when a signal ended the run
return function(parsed)
  local run, err = new_run(parsed)
  if not run then
    notice(err)
    return USAGE
  end
  if parsed.opts.nice then
    local ok, message = sys.nice(parsed.opts.nice)
    if not ok then
      notice("--nice: " .. message)
      return USAGE
    end
  end
  core_job.spool(parsed.opts.tmpdir or os.getenv("TMPDIR") or "/tmp")
  sink.open(function()
    run:output_changed()
  end)
  local function listener(name)
    return run:signalled(name)
  end
  signals.listen(listener)
  if parsed.opts.ungroup then
    run:watch_reader()
  end
  run:loop()
  signals.unlisten(listener)
  return run.status:result(run.scheduler)
end
