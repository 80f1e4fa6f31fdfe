-- prun.jobs: the command line's engine for scripts, ended jobs iterated.

local sys = require "prun.core.sys"
local cpus = require "prun.cpus"
local halt = require "prun.run.halt"
local limits = require "prun.run.limits"
local runners = require "prun.run.runner"
local schedulers = require "prun.run.scheduler"
local shell = require "prun.shell"
local sources = require "prun.run.source"
local templates = require "prun.run.template"
local termseq = require "prun.run.termseq"
local errors = require "prun.error"

local function misuse(name, message)
  error(string.format("bad argument '%s' to 'jobs' (%s)", name, message), 4)
end

-- An option as the command line takes it: a number, or its text.
local function parsed(opts, name, parse)
  local value = opts[name]
  if value == nil then
    return nil
  end
  local result, err = parse(tostring(value))
  if result == nil then
    misuse(name, err)
  end
  return result
end

-- A value as jobs take it: text, or a list of texts.
local function to_args(value)
  if type(value) ~= "table" then
    return { tostring(value), n = 1 }
  end
  local args = { n = value.n or #value }
  for i = 1, args.n do
    args[i] = tostring(value[i])
  end
  return args
end

local function open_source(inputs)
  local each
  if type(inputs) == "function" then
    each = inputs
  elseif type(inputs) == "table" then
    local i, n = 0, inputs.n or #inputs
    each = function()
      i = i + 1
      if i <= n then
        return inputs[i]
      end
    end
  else
    misuse("inputs", "a list or a function expected")
  end
  return sources.open({ { each = function()
    local value = each()
    return value ~= nil and to_args(value) or nil
  end } }, {})
end

local function new_template(opts)
  if type(opts.command) ~= "string" then
    misuse("command", "a string expected")
  end
  local template, err = templates.compile(opts.command, { which = sys.which,
    max_args = 2, shell = shell.path,
    is_function = shell.is_function })
  if not template then
    misuse("command", err)
  end
  return template
end

-- What the script sees of a job that ended.
local function result_of(runner, job)
  local result = { seq = job.seq, args = job.args, cause = job.cause,
    returncode = job.code >= 0 and job.code or -job.signal,
    ok = not job.failed, duration = job.seconds, attempts = job.attempt,
    command = runner:describe(job), error = job.error or nil }
  if job.handle then
    result.stdout, result.stderr = runner:read(job)
    local _
    _, result.user, result.sys, result.maxrss = runner:usage(job)
  end
  runner:release(job)
  return result
end

-- Gives out results in the order of their ends, or of the input.
local function new_queue(keep_order)
  local waiting, first, last, next_seq = {}, 1, 0, 1
  local queue = {}
  function queue.put(result)
    if keep_order then
      waiting[result.seq] = result
    else
      last = last + 1
      waiting[last] = result
    end
  end
  function queue.get()
    local at = keep_order and next_seq or first
    local result = waiting[at]
    if result then
      waiting[at] = nil
      first, next_seq = first + 1, next_seq + 1
    end
    return result
  end
  return queue
end

local OPTIONS <const> = { command = true, inputs = true, jobs = true,
  keep_order = true, halt = true, retries = true, timeout = true,
  term_seq = true, cwd = true, env = true, setenv = true }

--- Runs a command for each input, several at a time.
-- @param opts table: `command` (string, a template as on the command line),
--   `inputs` (list, or function returning the next one; a value is text, or a
--   list of texts for {1} {2} ...), `jobs` (as -j), `keep_order` (boolean),
--   `halt` (rule, as --halt), `retries` (integer), `timeout` (seconds or text),
--   `term_seq` (text), `cwd`, `env`, `setenv` (as prun.run)
-- @return an iterator for a generic for: each ended job as a table with `seq,
--   args, command, returncode` (negative: a signal), `ok, stdout, stderr,
--   cause, duration, user, sys, maxrss, attempts, error`. Leaving the loop
--   early ends the running jobs.
-- @raise "bad argument" errors; an Error "SourceError" when an input fails
return function(opts)
  if type(opts) ~= "table" then
    error("bad argument #1 to 'jobs' (table expected)", 2)
  end
  for name in pairs(opts) do
    if not OPTIONS[name] then
      error(string.format("bad argument '%s' to 'jobs' (no such option)",
        tostring(name)), 2)
    end
  end
  if opts.retries ~= nil and (math.type(opts.retries) ~= "integer" or
    opts.retries < 1) then
    misuse("retries", "a whole number from 1 on expected")
  end
  local queue = new_queue(opts.keep_order)
  local runner = runners.new { template = new_template(opts),
    shell = shell.path, cwd = opts.cwd, env = opts.env, setenv = opts.setenv,
    timeout = parsed(opts, "timeout", limits.duration) }
  local input_error
  local scheduler = schedulers.new { source = open_source(opts.inputs),
    runner = runner, slots = parsed(opts, "jobs", limits.jobs) or
      cpus.count(),
    halt = parsed(opts, "halt", halt.parse), retries = opts.retries,
    term_seq = parsed(opts, "term_seq", termseq.parse),
    on_end = function(job)
      queue.put(result_of(runner, job))
    end,
    on_notice = function(text)
      input_error = text
    end }
  local function iterate()
    local result = queue.get()
    while not result and not scheduler:is_done() do
      scheduler:turn()
      result = queue.get()
    end
    if not result then
      scheduler:close()
      if scheduler.input_error then
        error(errors.new("SourceError", input_error), 0)
      end
    end
    return result
  end
  local closer = setmetatable({}, { __close = function()
    if not scheduler:is_done() then
      scheduler:stop("now", "halt")
      while not scheduler:is_done() do
        scheduler:turn()
      end
    end
    scheduler:close()
  end })
  return iterate, nil, nil, closer
end
