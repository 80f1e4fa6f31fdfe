-- --lua when nothing is asked for about single jobs: many inputs go to the
-- pool at once, and their lines come back together.

local loop = require "prun.core.loop"
local sink = require "prun.core.sink"
local tasks = require "prun.cli.tasks"

local Stream = {}
Stream.__index = Stream

-- Seconds that a batch of inputs should take, and how many it may have.
local TARGET <const> = 0.005
local MOST <const> = 4000

-- Output that waits for a slow reader, in bytes, past which nothing starts.
local FULL <const> = 4 << 20

-- Options that are about single jobs.
local SINGLE <const> = { "joblog", "tag", "tagstring", "saving", "gated",
  "verbose", "dry-run", "halt",
  "timeout", "retries", "bar", "eta", "max-args", "max-replace-args",
  "max-lines", "max-chars", "many", "context-replace", "total-jobs" }

--- Whether the options leave nothing to do for each single job.
function Stream.fits(opts)
  for _, name in ipairs(SINGLE) do
    if opts[name] then
      return false
    end
  end
  return true
end

--- Makes a stream.
-- @param spec table: `parsed`, `chunk`, `source`, `on_failed(job)`,
--   `on_notice(text)`
-- @return a stream; or nil and a message
function Stream.new(spec)
  local pool, err = tasks.pool(spec.parsed.opts)
  if not pool then
    return nil, err
  end
  return setmetatable({ pool = pool, source = spec.source,
    task = tasks.task(spec.chunk), keep_order = true,
    on_failed = spec.on_failed, on_notice = spec.on_notice, batches = {},
    size = 4, seq = 0, tally = { failed = 0, succeeded = 0 } }, Stream)
end

function Stream:fail(seq, out, message, code)
  self.tally.failed = self.tally.failed + 1
  self.on_failed { seq = seq, code = code, signal = 0, cause = "exit" }
  if out ~= "" then
    sink.out(out)
  end
  sink.err(string.format("prun: job %d: %s\n", seq, message))
end

-- The lines of a batch; what stands between failures goes out in one piece.
function Stream:emit(batch)
  local lines, n = {}, 0
  local tally = self.tally
  local values = batch.owner and batch.owner.batch:results() or {}
  local errors = batch.owner and batch.owner.errors
  local function flush()
    if n > 0 then
      lines[n + 1] = ""
      sink.out(table.concat(lines, "\n", 1, n + 1))
      n = 0
    end
  end
  for i = 1, batch.n do
    local value = errors and errors[i] or values[i]
    if value == nil then
      tally.succeeded = tally.succeeded + 1
    elseif type(value) ~= "table" then
      n = n + 1
      lines[n] = value
      tally.succeeded = tally.succeeded + 1
    else
      flush()
      if value.kind == "CancelledError" then
        -- We took it back: the run was stopped.
        tally.failed = tally.failed + 1
      elseif value.kind then
        self:fail(batch.first + i - 1, "", tostring(value.message), 1)
      elseif value.error then
        self:fail(batch.first + i - 1, value.out, value.error, 1)
      else
        sink.out(value.out)
        tally.succeeded = tally.succeeded + 1
      end
    end
  end
  flush()
  if batch.bad then
    self:fail(batch.first + batch.n, "", batch.bad, 126)
  end
end

-- Adapts the size of batches to how long they take.
function Stream:learn(batch)
  local took = loop.now() - batch.begun
  if took < TARGET and batch.n >= self.size then
    self.size = math.min(self.size * 2, MOST)
  elseif took > 4 * TARGET then
    self.size = math.max(self.size // 2, 1)
  end
end

-- Reads a batch of what can be read now and submits it. False: no more now.
function Stream:take_batch()
  local list, n, bad = {}, 0, nil
  while n < self.size and not bad do
    local args, why, message = self.source:next()
    if args then
      n = n + 1
      list[n] = args
    elseif why == "bad" then
      bad = message
    else
      self:note(why, message)
      break
    end
  end
  if n == 0 and not bad then
    return false
  end
  local batch = { first = self.seq + 1, n = n, bad = bad, begun = loop.now() }
  self.seq = self.seq + n + (bad and 1 or 0)
  if n > 0 then
    batch.owner = self.pool:starmap_async(self.task, list, {
      chunksize = math.max(1, n // (2 * self.pool.processes)),
      errors = "collect" })
  end
  self.batches[#self.batches + 1] = batch
  return n == self.size or bad
end

function Stream:note(why, message)
  if why == "wait" then
    self.wanting = true
    self.source:watch(function()
      self.wanting = false
    end)
    return
  end
  self.at_end = true
  if why == "error" then
    self.input_error = message
    self.on_notice(message)
  end
end

-- Puts up batches, as many as keep the workers busy.
function Stream:fill()
  while not self.at_end and not self.wanting and not self.stopped and
    #self.batches < 2 * self.pool.processes + 2 and sink.queued() < FULL do
    if not self:take_batch() then
      return
    end
  end
end

-- Prints the batches that are over, in order.
function Stream:drain()
  local batches = self.batches
  while batches[1] and (not batches[1].owner or batches[1].owner.done) do
    local batch = table.remove(batches, 1)
    self:learn(batch)
    self:emit(batch)
  end
end

function Stream:pump()
  self:fill()
  self.pool:poll()
end

--- Nothing is known of single jobs.
function Stream:running_jobs()
  return {}
end

function Stream:signal() end

--- Ends what still runs, at once.
function Stream:kill()
  self:stop("now")
end

--- Whether all is done.
function Stream:is_done()
  return #self.batches == 0 and (self.at_end or self.stopped) or false
end

--- One turn: take in, put up, print, wait.
function Stream:turn()
  self:fill()
  self.pool:poll()
  self:drain()
  if self:is_done() or (not self.wanting and not self.at_end and
    not self.stopped and #self.batches == 0) then
    return
  end
  if self.batches[1] and self.pool.core:spin(self.pool.cpus) then
    return
  end
  loop.turn()
end

--- Begins no more; when "now": what runs is ended.
function Stream:stop(when)
  self.stopped = when
  self.left = not self.at_end
  for _, batch in ipairs(self.batches) do
    if batch.owner and not batch.owner.done then
      self.pool:withdraw(batch.owner)
      if when == "now" then
        self.pool:stop_tasks(batch.owner)
      end
    end
  end
end

function Stream:close()
  self.source:close()
  self.pool:terminate()
end

return Stream
