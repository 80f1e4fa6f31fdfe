-- --xargs, and a name that ends in "xargs": the program is xargs.

local core_job = require "prun.core.job"
local loop = require "prun.core.loop"
local runners = require "prun.run.runner"
local schedulers = require "prun.run.scheduler"
local signals = require "prun.signals"
local sink = require "prun.core.sink"
local sys = require "prun.core.sys"
local options = require "prun.cli.xargs_options"
local inputs = require "prun.cli.xargs_input"

-- Statuses.
local FAILED <const>, STATUS_255 <const>, KILLED <const> = 123, 124, 125
local CANNOT <const>, MISSING <const> = 126, 127

-- Bytes of a command, where -s does not say: 128 KiB, as GNU xargs.
local DEFAULT_CHARS <const> = 131072

local Xargs = {}
Xargs.__index = Xargs

function Xargs:say(text)
  sink.err(self.name .. ": " .. text .. "\n")
end

-- Templates (see prun.run.template).

-- -I: the text in each argument stands for the line.
local function replaced(word, text, value)
  local out, at = {}, 1
  while true do
    local first, last = word:find(text, at, true)
    if not first then
      out[#out + 1] = word:sub(at)
      return table.concat(out)
    end
    out[#out + 1] = word:sub(at, first - 1)
    out[#out + 1] = value
    at = last + 1
  end
end

local function new_template(command, opts)
  local template = { direct = true, fixed_args = false, needs_total = false,
    program = sys.which(command[1]) or command[1] }
  function template:argv(argv, args)
    if opts.replace then
      for i, word in ipairs(command) do
        argv[i] = i == 1 and word or replaced(word, opts.replace, args[1])
      end
      return #command
    end
    table.move(command, 1, #command, 1, argv)
    table.move(args, 1, args.n, #command + 1, argv)
    return #command + args.n
  end
  function template:shell(args)
    local argv = {}
    local n = self:argv(argv, args)
    local quote = require("prun.run.quote").quote
    for i = 1, n do
      argv[i] = quote(argv[i])
    end
    return table.concat(argv, " ", 1, n)
  end
  return template
end

-- -p: whether the user says yes.
local function ask(text)
  local tty, err = io.open("/dev/tty", "r")
  if not tty then
    return nil, "failed to open /dev/tty for reading: " ..
      (err:match(": (.*)$") or err)
  end
  sink.err(text .. "?...")
  while sink.queued() > 0 do
    loop.turn()
  end
  local answer = tty:read("l") or ""
  tty:close()
  return answer:find("^[yY]") ~= nil
end

local function new_runner(self, template)
  local opts = self.opts
  local keep = opts.group or opts.keep_order or opts.tag or opts.line_buffer
  local stream = keep and "keep" or "inherit"
  local stdin = opts.file and opts.file ~= "-" and "inherit" or nil
  if opts.open_tty then
    local fd, err = sys.open("/dev/tty", "r")
    if not fd then
      return nil, err
    end
    stdin = fd
  end
  local function tag(job)
    return table.concat(job.args, " ", 1, job.args.n) .. "\t"
  end
  self.prefix = opts.tag and tag or nil
  local runner = runners.new { template = template, shell = "/bin/sh",
    stdin = stdin, stdout = stream, stderr = stream,
    same_group = opts.open_tty or nil, slot_var = opts.slot_var,
    live = opts.line_buffer and not opts.keep_order, prefix = self.prefix }
  return runner
end

-- Ends.

-- The worst that happened decides; some ends stop the run.
function Xargs:ended(job)
  self.printer:ended(job)
  local code, signal = job.code, job.signal
  if job.cause == "start" then
    self:stop(code == MISSING and MISSING or CANNOT, self.command[1] .. ": " ..
      job.error)
  elseif job.cause ~= "signal" and job.cause ~= "exit" then
    self.status = math.max(self.status, FAILED)
  elseif signal > 0 then
    self:stop(KILLED, string.format("%s: terminated by signal %d",
      self.command[1], signal))
  elseif code == 255 then
    self:stop(STATUS_255, string.format("%s: exited with status 255; aborting",
      self.command[1]))
  elseif code > 0 then
    self.status = math.max(self.status, FAILED)
  end
end

function Xargs:stop(status, message)
  if self.status < STATUS_255 then
    self.status = status
  end
  if message then
    self:say(message)
  end
  if not self.scheduler.stopped then
    self.scheduler:stop("soon", "halt")
  end
end

-- Signals: the running jobs end, or their number changes.
function Xargs:signalled(name)
  local scheduler = self.scheduler
  if name == "USR1" then
    scheduler.slots, scheduler.most = scheduler.slots + 1, scheduler.most + 1
  elseif name == "USR2" then
    local fewer = math.max(1, scheduler.most - 1)
    scheduler.slots, scheduler.most = fewer, fewer
  elseif name == "TSTP" then
    scheduler:signal("STOP")
    sys.stop()
    scheduler:signal("CONT")
  elseif self.signal then
    scheduler:kill()
  elseif name ~= "CONT" then
    self.signal = name
    scheduler:stop("now", "interrupt")
  end
  return true
end

local function show_limits(self)
  local used = 0
  for _, entry in ipairs(sys.environ()) do
    used = used + #entry + 1
  end
  sink.err(string.format([[
Your environment variables take up %d bytes
POSIX upper limit on argument length (this system): %d
POSIX smallest allowable upper limit on argument length (all systems): 4096
Maximum length of command we could actually use: %d
Size of command buffer we are actually using: %d
Maximum parallelism (--max-procs must be no greater): 2147483647
]], used, sys.arg_max() - 2048, sys.arg_max() - 2048 - used,
    self.opts.max_chars))
end

local function flush()
  while sink.queued() > 0 and not sink.error() do
    loop.turn()
  end
end

local function bytes_of(command)
  local bytes = 0
  for _, word in ipairs(command) do
    bytes = bytes + #word + 1
  end
  return bytes
end

function Xargs:schedule(source, runner)
  local opts = self.opts
  schedulers.prepare()
  self.printer = require("prun.cli.printer").new { runner = runner,
    keep_order = opts.keep_order, prefix = self.prefix, quiet = true }
  local procs = opts.procs or 1
  self.scheduler = schedulers.new { source = source, runner = runner,
    slots = procs == 0 and require("prun.run.limits").jobs("0") or procs,
    skip = opts.interactive and function(args)
      local yes, err = ask(runner.template:shell(args))
      if yes == nil then
        self:stop(FAILED, err)
      end
      return not yes
    end or nil, on_skip = function(seq)
      self.printer:skip(seq)
    end, on_start = opts.verbose and not opts.interactive and function(job)
      sink.err(runner:describe(job) .. "\n")
    end or nil, on_end = function(job)
      self:ended(job)
    end, on_notice = function(text)
      self:say(text)
    end, may_start = function()
      return self.printer:has_room()
    end }
end

function Xargs:loop()
  local scheduler = self.scheduler
  while not scheduler:is_done() do
    scheduler:turn()
  end
  self.printer:finish()
  flush()
  if self.signal then
    sys.die(sys.signal_number(self.signal))
  elseif sink.error() then
    return 1
  elseif scheduler.input_error and self.status == 0 then
    return 1
  end
  return self.status
end

local HELP <const> = [=[
usage: %s [options] [command [arguments]]

Runs the command with arguments from standard input, as xargs does. Options of
GNU xargs: -0 -a FILE -d CHAR -E EOF -I TEXT -L N -n N -o -p -P N -r -s N -t -x,
--process-slot-var=NAME, --show-limits, and their long names; of prun's:
--group, -k, --keep-order, --tag, --line-buffer. The manual is prun(1).
]=]

--- Runs as xargs.
-- @param name what the program was called
-- @param words the command line
-- @param first index of the first word that is xargs's
-- @return exit status
return function(name, words, first)
  local self = setmetatable({ name = name, status = 0 }, Xargs)
  local opts, command, usage = options.parse(words, first, function(text)
    self:say(text)
  end)
  if not opts then
    self:say(command)
    if usage then
      sink.err("Try '" .. name .. " --help' for more information.\n")
    end
    flush()
    return 1
  elseif opts.help or opts.version then
    sink.out(opts.help and HELP:format(name) or name .. " (prun) 0.1.0\n")
    flush()
    return 0
  end
  self.opts, self.command = opts, command
  opts.max_chars = opts.max_chars or math.min(DEFAULT_CHARS,
    options.most_chars())
  local initial = bytes_of(command)
  if initial >= opts.max_chars then
    self:say("cannot fit single argument within argument list size limit")
    flush()
    return 1
  end
  if opts.show_limits then
    show_limits(self)
  end
  local source, err = inputs.open(opts, initial)
  local runner
  if source then
    runner, err = new_runner(self, new_template(command, opts))
  end
  if not source or not runner then
    self:say(err)
    flush()
    return 1
  end
  core_job.spool(os.getenv("TMPDIR") or "/tmp")
  self:schedule(source, runner)
  signals.listen(function(signal)
    return self:signalled(signal)
  end)
  return self:loop()
end
