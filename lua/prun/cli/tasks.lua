-- --lua: a chunk of Lua for each input, in the workers of a pool. Here is what
-- a task does, and a runner that gives tasks to a pool (see prun.run.runner).

local loop = require "prun.core.loop"
local sink = require "prun.core.sink"
local sys = require "prun.core.sys"
local boot = require "prun.mp.boot"
local context = require "prun.mp.context"
local cpus = require "prun.cpus"

local M = {}

-- Workers for -j0, at most: a worker is a process that stays.
local MOST_WORKERS <const> = 256

--- Compiles the text of --lua: a chunk, or an expression.
-- @return a function of the input's values; or nil and a message
function M.compile(text)
  local head = "local it = ... "
  local chunk = load(head .. "return " .. text .. "\n", "=(--lua)", "t")
  if chunk then
    return chunk
  end
  local err
  chunk, err = load(head .. text, "=(--lua)", "t")
  return chunk, err and "--lua: " .. err:gsub("^%(%-%-lua%):", "line ")
end

-- What a worker does first: what tasks print is part of their output.
local function collect_output()
  _G.prun = require "prun"
  require("prun.cli.output").collect()
end

--- The task for a chunk: its values are one line, nil is none.
-- @param chunk function
-- @return function whose value is nil, the line, or a table with `out` (text)
--   and, when the chunk failed, `error`
function M.task(chunk)
  local function line(n, first, ...)
    if n == 0 or (n == 1 and first == nil) then
      return nil
    elseif n == 1 and (math.type(first) or type(first) == "string") then
      return first
    end
    local words = { first, ... }
    for i = 1, n do
      words[i] = tostring(words[i])
    end
    return table.concat(words, "\t")
  end
  local function finish(ok, ...)
    local out = require("prun.cli.output").collected
    if ok and not out[1] then
      return line(select("#", ...), ...)
    end
    local text = table.concat(out)
    for i = #out, 1, -1 do
      out[i] = nil
    end
    if not ok then
      return { out = text, error = ... }
    end
    local last = line(select("#", ...), ...)
    return { out = text .. (last and last .. "\n" or "") }
  end
  local function explain(err)
    return debug.traceback(tostring(err), 2):gsub("\n[^\n]*in function 'xpcall'.*", "")
  end
  return function(...)
    return finish(xpcall(chunk, explain, ...))
  end
end

--- The pool for a run: fewer workers than asked for where the system has no
-- room for so many.
-- @param opts the options
-- @return a pool; or nil and a message
function M.pool(opts)
  boot.remember()
  local workers = math.min(opts.jobs or cpus.count(), MOST_WORKERS)
  while true do
    local ok, pool = pcall(context.Pool, { processes = workers,
      initializer = collect_output })
    if ok then
      return pool
    elseif workers == 1 then
      return nil, "--lua: " .. tostring(pool.message or pool)
    end
    workers = workers // 2
  end
end

-- A task as a command that would do the same.
local function shown(text, args)
  local quote = require("prun.run.quote").quote
  local words = { "prun --lua", quote(text), ":::" }
  for i = 1, args.n do
    words[i + 3] = quote(args[i])
  end
  return table.concat(words, " ")
end

--- What stands for a command's template (see prun.run.template).
-- @param text string, of --lua
-- @return a template, with `chunk`; or nil and a message
function M.template(text)
  local chunk, err = M.compile(text)
  if not chunk then
    return nil, err
  end
  return { chunk = chunk, direct = true, shell = function(_, args)
    return shown(text, args)
  end }
end

-- The runner.

local Runner = {}
Runner.__index = Runner

--- Makes a runner of tasks.
-- @param parsed the command line
-- @param template see M.template
-- @return a runner; or nil and a message
function M.runner(parsed, template)
  local pool, err = M.pool(parsed.opts)
  if not pool then
    return nil, err
  end
  return setmetatable({ opts = parsed.opts, task = M.task(template.chunk),
    pool = pool, text = parsed.opts.lua,
    owners = {} }, Runner)
end

function Runner:ended(job, code, signal, out, err)
  self.owners[job] = nil
  job.out = out
  job.message = err
  self.listener:ended(job, code, signal, loop.now() - job.begun, #out)
end

-- A task's end that is no value: its worker is gone with it, as a rule.
function Runner:lost(job, err)
  if err.kind == "TimeoutError" then
    job.cause = "timeout"
  end
  local signal = err.signal or (err.kind == "TimeoutError" or
    err.kind == "CancelledError") and 15 or 0
  self:ended(job, signal > 0 and -1 or err.exitcode or 1, signal, "",
    err.kind ~= "TimeoutError" and err.kind ~= "CancelledError" and
    tostring(err.message) or nil)
end

function Runner:start(job)
  job.begun, job.start = loop.now(), sys.time()
  self.owners[job] = self.pool:apply_async(self.task, job.args, {
    timeout = self.opts.timeout, callback = function(value)
      if type(value) ~= "table" then
        self:ended(job, 0, 0, value ~= nil and value .. "\n" or "")
      else
        self:ended(job, value.error and 1 or 0, 0, value.out, value.error)
      end
    end, error_callback = function(err)
      self:lost(job, err)
    end })
  return true
end

function Runner:signal(jobs, number)
  if number == sys.signal_number("STOP") or
    number == sys.signal_number("CONT") then
    return
  end
  for _, job in ipairs(jobs) do
    if self.owners[job] then
      self.pool:stop_tasks(self.owners[job])
    end
  end
end

function Runner:print(job, prefix)
  local out = job.out or ""
  if prefix then
    out = out:gsub("[^\n]*\n?", function(text)
      return text ~= "" and prefix .. text or nil
    end)
  end
  if out ~= "" then
    sink.out(out)
  end
  if job.message then
    sink.err(string.format("prun: job %d: %s\n", job.seq, job.message))
  end
  return true
end

function Runner:save(job, stream, fd)
  return sys.write(fd, stream == "stdout" and job.out or "")
end

function Runner:texts(job)
  return job.out or "", ""
end

function Runner:drop(job, stream)
  if stream == "stdout" then
    job.out = ""
  end
end

function Runner:usage(job)
  return job.start or sys.time(), 0, 0, 0
end

function Runner:elapsed(job)
  return loop.now() - job.begun
end

function Runner:describe(job)
  return shown(self.text, job.args)
end

function Runner:release(job)
  job.out, job.message = nil, nil
end

function Runner:show() end

--- Ends the workers.
function Runner:close()
  self.pool:terminate()
end

return M
