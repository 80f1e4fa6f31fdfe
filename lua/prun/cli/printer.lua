-- The printer: whose output comes when, and the log row behind it.

local sink = require "prun.core.sink"

local Printer = {}
Printer.__index = Printer

-- Output that waits for a slow reader, in bytes, past which no job starts.
local FULL <const> = 4 << 20

-- Jobs held back by -k past which no job starts.
local MOST_HELD <const> = 20000

--- Makes a printer.
-- @param spec table: `runner`, `keep_order`, `prefix` (function(job) -> string,
--   or nil), `log`, `on_trouble(message)`: the log cannot be
--   written; `before(job)`: does something else with its output;
--   `quiet`: errors of jobs are somebody else's
local function new(spec)
  return setmetatable({ runner = spec.runner, keep_order = spec.keep_order,
    prefix = spec.prefix, log = spec.log, before = spec.before, quiet = spec.quiet,
    on_trouble = spec.on_trouble, held = {},
    held_count = 0, next_seq = 1, rows = {} }, Printer)
end

-- Rows are written once the output before them has left us.
function Printer:write_rows()
  if sink.queued() > 0 or sink.error() then
    return
  end
  local rows = self.rows
  self.rows = {}
  for _, row in ipairs(rows) do
    local ok, err = self.log:write(row.job, row.start, row.command)
    if not ok then
      self.on_trouble(err)
      return
    end
  end
end

function Printer:add_row(job)
  self.rows[#self.rows + 1] = { job = job,
    start = (self.runner:usage(job)), command = self.runner:describe(job) }
end

local function complain(job)
  sink.err(string.format("prun: job %d: %s\n", job.seq, job.error))
end

function Printer:emit(job)
  if self.before then
    self.before(job)
  end
  -- Nothing is left of what was given out line by line.
  self.runner:print(job, self.prefix and self.prefix(job))
  if job.error and not self.quiet then
    complain(job)
  end
  if self.log then
    self:add_row(job)
    self:write_rows()
  end
  self.runner:release(job)
end

-- Those held whose turn it is.
function Printer:emit_ready()
  local ready = self.held[self.next_seq]
  while ready ~= nil do
    self.held[self.next_seq] = nil
    self.held_count = self.held_count - 1
    self.next_seq = self.next_seq + 1
    if ready then
      self:emit(ready)
    end
    ready = self.held[self.next_seq]
  end
end

--- A job has ended: print it, or hold it until those before it have.
function Printer:ended(job)
  if not self.keep_order then
    self:emit(job)
    return
  end
  self.held[job.seq] = job
  self.held_count = self.held_count + 1
  self:emit_ready()
end

--- There is no job of this number.
function Printer:skip(seq)
  if self.keep_order then
    self.held[seq] = false
    self.held_count = self.held_count + 1
    self:emit_ready()
  end
end

--- Whether job is the one whose output comes next, with -k.
function Printer:is_head(job)
  return job.seq == self.next_seq
end

--- Whether there is room for the output of more jobs.
function Printer:has_room()
  return self.held_count < MOST_HELD and sink.queued() < FULL
end

--- The sink ran dry.
function Printer:drained()
  if self.log then
    self:write_rows()
  end
end

--- Prints what is still held, in order, when the run was stopped.
function Printer:finish()
  local seqs = {}
  for seq in pairs(self.held) do
    seqs[#seqs + 1] = seq
  end
  table.sort(seqs)
  for _, seq in ipairs(seqs) do
    local job = self.held[seq]
    self.held[seq] = nil
    if job then
      self:emit(job)
    end
  end
end

return { new = new }
