-- Pool: processes that run Lua functions. After Python's multiprocessing.Pool.

local core = require "prun.core.pool"
local loop = require "prun.core.loop"
local sys = require "prun.core.sys"
local arguments = require "prun.mp.arguments"
local boot = require "prun.mp.boot"
local clock = require "prun.mp.clock"
local current = require "prun.mp.current"
local guard = require "prun.mp.guard"
local ends = require "prun.mp.ends"
local errors = require "prun.error"
local cpus = require "prun.cpus"
local AsyncResult = require "prun.mp.result"

local Pool = {}
Pool.__index = Pool
Pool.__name = "prun.Pool"

require("prun.mp.staff")(Pool)
require("prun.mp.closing")(Pool)

local M = {}

-- Places for workers that a pool has, at least; resize can go so far.
local SLOTS <const> = 64
-- Pools made in tasks of pools ... so deep at most.
local DEPTH <const> = 10
-- Seconds that a worker which is ended has until SIGKILL.
local GRACE <const> = 0.5
-- Events.

-- Whether the task gets another chance; then it is on its way.
function Pool:_try_again(owner, index)
  local retries = owner.retries
  if retries == 0 or self.ending then
    return false
  end
  local attempts = owner.attempts or {}
  owner.attempts = attempts
  attempts[index] = (attempts[index] or 0) + 1
  if attempts[index] > retries then
    return false
  end
  owner.batch:again(index)
  self.again = true
  return true
end

-- The task ends with an error.
function Pool:_fail(owner, index, err)
  owner.errors = owner.errors or {}
  owner.errors[index] = err
  if owner.batch:settle(index) then
    self:_finish(owner)
  end
end

function Pool:_finish(owner)
  owner:finish()
  if owner.meter then
    owner.meter:close()
    self.metered = nil
  end
  self.owners[owner] = nil
  if owner.timeout then
    self.timed = self.timed - 1
  end
  if owner.callback or owner.error_callback then
    self.callbacks[#self.callbacks + 1] = owner
  end
end

-- The pool cannot work: every task gets the error.
function Pool:_break(err)
  if self.broken then
    return
  end
  self.broken = err
  self:_give_up(err)
end

-- Every task without an end gets the error.
function Pool:_give_up(err)
  local owners = self.owners
  self.owners = {}
  for owner in pairs(owners) do
    if not owner.done then
      self:_abandon(owner, err)
    end
  end
end

function Pool:_abandon(owner, err)
  local batch = owner.batch
  owner.errors = owner.errors or {}
  local first = true
  for i = 1, owner.total do
    if not batch:is_done(i) then
      if not owner.errors[i] then
        -- The one that is raised, and each that is collected, has its index.
        owner.errors[i] = (first or owner.collect) and errors.copy(err, i) or
          err
        first = false
      end
      batch:settle(i)
    end
  end
  self:_finish(owner)
end

-- A batch that is over comes as its owner, all else as a list.
function Pool:_take(events)
  for i = 1, #events do
    local event = events[i]
    local handler = ends[event[1]]
    if handler then
      handler(self, event)
    elseif not event.done then
      self:_finish(event)
    end
  end
end

function Pool:_call_back()
  local callbacks = self.callbacks
  self.callbacks = {}
  for _, owner in ipairs(callbacks) do
    owner:call_back(current.report)
  end
end

--- Takes in what came, without waiting.
function Pool:poll()
  if self.ended then
    return
  end
  repeat
    self.again = false
    local events = self.spare or {}
    self.spare = nil
    if self.core:pump(events) > 0 then
      self:_take(events)
      self.spare = {}
      self:_refill()
      if #self.callbacks > 0 then
        self:_call_back()
      end
    else
      self.spare = events
    end
  until not self.again or self.ended
  if self.surplus then
    self:_dismiss()
  end
  if self.metered then
    self.metered.meter:changed()
  end
  if self.closing and not self.ended then
    self:_go_on_closing()
  end
end

-- Whether the field of that name of the thing became true, before the deadline.
function Pool:wait_for(thing, deadline, field)
  field = field or "done"
  while not thing[field] do
    self:poll()
    if thing[field] then
      break
    end
    if self.ended or not self.core:spin(self.cpus) then
      local left = deadline and deadline - loop.now()
      if left and left <= 0 then
        return false
      end
      loop.turn(left)
    end
  end
  return true
end

-- Submitting.

-- Raises when nothing can be submitted, at a level of the caller's callers.
function Pool:check_open(level)
  if self.closing or self.ending then
    error("pool not running", level)
  end
end

--- The chunksize that map takes by default.
-- @param n integer, how many inputs
-- @param workers integer
function M.chunksize(n, workers)
  for i, value in pairs { n == nil and "nothing" or n,
    workers == nil and "nothing" or workers } do
    if not (type(value) == "number" and math.tointeger(value) and
      value >= i - 1) then
      arguments.misuse("chunksize", i, "a whole number expected, got " ..
        tostring(value), 1)
    end
  end
  return math.max(1, -(-n // (4 * workers)))
end

-- Submits tasks; the AsyncResult is told of their ends. n is 0 for one task
-- whose arguments are the list.
function Pool:_submit(call, f, list, n, flags, opts, first)
  local owner = setmetatable({ pool = self, single = n == 0,
    total = n == 0 and 1 or n, timeout = opts.timeout,
    retries = opts.retries or self.retries, callback = opts.callback,
    error_callback = opts.error_callback,
    collect = opts.errors == "collect" }, AsyncResult)
  if self.seed then
    flags = flags | core.SEEDED
  end
  if not first then
    first = self.submitted + 1
    self.submitted = self.submitted + owner.total
  end
  local batch, why = self.core:submit(owner, f, list, n, flags,
    opts.chunksize or M.chunksize(n, self.processes), first, opts.ordered)
  if not batch then
    error(errors.new("EncodingError", string.format(
      "the function given to '%s' cannot be sent: %s", call, why)), 0)
  end
  owner.batch = batch
  self.owners[owner] = true
  if self.broken then
    self.owners[owner] = nil
    self:_abandon(owner, self.broken)
    return owner
  end
  guard.watch(self)
  if opts.timeout then
    clock.start(self, opts.timeout)
  end
  return owner
end

local NO_OPTIONS <const> = {}

-- Nothing to do: done at once.
local function empty(self, opts)
  local owner = setmetatable({ pool = self, total = 0, done = true,
    callback = opts.callback, batch = { results = function()
      return { n = 0 }
    end } }, AsyncResult)
  owner:call_back(current.report)
  return owner
end

-- Who comes from Python writes a dot.
local function check_self(self, call)
  if getmetatable(self) ~= Pool then
    error(string.format("'%s' is a method: call it as pool:%s(...)", call,
      call), 4)
  end
end

function Pool:_apply(call, f, args, opts)
  check_self(self, call)
  arguments.check_function(call, f)
  if args ~= nil and type(args) ~= "table" then
    arguments.misuse(call, 2, "list of arguments expected, got " .. type(args), 2)
  end
  if args and args.n ~= nil then
    arguments.length(call, args, 3)
  end
  opts = opts and arguments.check_options(call, opts) or NO_OPTIONS
  self:check_open(4)
  local owner = self:_submit(call, f, args or {}, 0,
    core.COUNTED | core.ALL | core.URGENT, opts)
  self:poll()
  return owner
end

--- Runs f(table.unpack(args)) in one worker.
-- @param f function
-- @param args list of arguments, or nil
-- @param opts table or nil: `timeout` (seconds; ends the task), `retries`
-- @return all values of f
-- @raise the task's error (prun.Error)
function Pool:apply(f, args, opts)
  return Pool._apply(self, "apply", f, args, opts):get()
end

--- The same, not waited for.
-- @param opts table or nil: as of apply, and `callback(v...)`,
--   `error_callback(e)`, called in the master
-- @return an AsyncResult
function Pool:apply_async(f, args, opts)
  return (Pool._apply(self, "apply_async", f, args, opts))
end

function Pool:_map(call, f, iterable, opts, flags, copy)
  check_self(self, call)
  arguments.check_function(call, f)
  opts = arguments.check_options(call, opts)
  self:check_open(4)
  local list, n = arguments.to_list(call, iterable, copy)
  if n == 0 then
    return empty(self, opts)
  end
  local progress = opts.progress == nil and self.progress or opts.progress
  if progress then
    flags = flags | core.URGENT
  end
  local owner = self:_submit(call, f, list, n, flags, opts)
  if progress then
    owner.meter = require("prun.mp.meter")(owner, progress)
    self.metered = owner.meter and owner or self.metered
  end
  self:poll()
  return owner
end

--- Calls f with each input.
-- @param f function(value)
-- @param iterable a list (its `n` or `#`), or an iterator function
-- @param opts table, or the chunksize, or nil: `chunksize`, `timeout`
--   (seconds a task may run), `retries`, `errors` ("raise" or "collect"),
--   `progress`, `callback(list)`, `error_callback(e)`
-- @return list of the first value of each call, in the order of the input,
--   with field `n`
-- @raise of several failed tasks the error of the first, after all have ended
function Pool:map(f, iterable, opts)
  return Pool._map(self, "map", f, iterable, opts, 0):get()
end

--- As map, not waited for.
-- @return an AsyncResult
function Pool:map_async(f, iterable, opts)
  return (Pool._map(self, "map_async", f, iterable, opts, 0, true))
end

--- As map, each input a list of arguments.
function Pool:starmap(f, lists, opts)
  return Pool._map(self, "starmap", f, lists, opts, core.COUNTED):get()
end

--- As starmap, not waited for.
-- @return an AsyncResult
function Pool:starmap_async(f, lists, opts)
  return (Pool._map(self, "starmap_async", f, lists, opts, core.COUNTED,
    true))
end

function Pool:_imap(call, f, iterable, opts, unordered)
  check_self(self, call)
  arguments.check_function(call, f)
  opts = arguments.check_options(call, opts)
  self:check_open(4)
  local mt = getmetatable(iterable)
  if mt and mt.__name == "prun.AsyncResult" then
    arguments.misuse(call, 2, "a list expected, got an AsyncResult: take its " ..
      ":get()", 2)
  elseif type(iterable) == "table" and not (mt and mt.__call) then
    arguments.length(call, iterable, 3)
  elseif type(iterable) ~= "function" and type(iterable) ~= "table" then
    arguments.misuse(call, 2, "a list or an iterator function expected, got " ..
      type(iterable), 2)
  end
  return require("prun.mp.imap").new(self, f, iterable, opts, unordered)
end

--- As map, but lazily: inputs are taken as results are.
-- @param opts table, or the chunksize (default 1), or nil: `chunksize`,
--   `timeout`, `retries`, `buffersize` (inputs taken ahead at most, by default
--   4 x workers x chunksize)
-- @return an iterator of `index, value` for a generic for; it:next(timeout)
--   too. A failed task raises there; the next call goes on behind it.
function Pool:imap(f, iterable, opts)
  local it, state, first, closing = Pool._imap(self, "imap", f, iterable, opts,
    false)
  return it, state, first, closing
end

--- As imap, each result as soon as it is there.
function Pool:imap_unordered(f, iterable, opts)
  local it, state, first, closing = Pool._imap(self, "imap_unordered", f,
    iterable, opts, true)
  return it, state, first, closing
end

--- Takes back the tasks that have not begun: they end as cancelled.
function Pool:withdraw(owner)
  for _, index in ipairs(owner.batch:withdraw()) do
    self:_fail(owner, index, errors.new("CancelledError",
      "cancelled before it began", { index = index }))
  end
end

--- Ends the tasks that run, with their workers, which are replaced.
function Pool:stop_tasks(owner)
  for slot in pairs(self.workers) do
    local running, index = self.core:running(slot)
    if running == owner and self.core:seize(slot, owner, index) then
      self:_end_worker(slot, { kind = "CancelledError",
        message = "cancelled while it ran" })
    end
  end
end

--- Takes back what has not begun. See AsyncResult:cancel.
function Pool:cancel(owner, kill)
  self:poll()
  if owner.done then
    return owner.cancelled or false
  end
  owner.cancelled = true
  self:withdraw(owner)
  if kill and not owner.done then
    self:stop_tasks(owner)
    self:wait_for(owner, loop.now() + 2 * GRACE)
  end
  if #self.callbacks > 0 then
    self:_call_back()
  end
  return owner.done or false
end

function Pool:__tostring()
  return string.format("prun.Pool(processes=%d, %s)", self.processes,
    self.ended and "ended" or self.closing and "closing" or "running")
end

-- Making one.

--- Makes a pool of worker processes.
-- @param opts integer, how many; or table or nil: `processes` (default: the
--   CPUs this process may use), `initializer` (function, run in each worker
--   first), `initargs` (list), `maxtasksperchild` (tasks until a worker is
--   replaced), `maxmemoryperchild` (bytes of resident memory until then),
--   `start_method`, `context`, `retries` (of failed tasks; default 0), `seed`
--   (integer), `env` (table of changes), `cwd`
-- @return a Pool; to-be-closed: leaving the scope terminates it
-- @raise "bad argument" errors; EncodingError; WorkerLostError when no worker
--   can be started
function M.new(opts, context)
  if type(opts) == "number" then
    opts = { processes = opts }
  end
  opts = opts or {}
  if type(opts) ~= "table" then
    arguments.misuse("Pool", 1, "a number or a table expected, got " .. type(opts), 1)
  end
  arguments.check_pool_options(opts)
  if current.depth >= DEPTH then
    error(errors.new("RecursionError", string.format(
      "pools made in tasks of pools, %d deep", DEPTH)), 2)
  end
  local method = (opts.context or context):resolve(opts.start_method)
  local processes = math.tointeger(opts.processes) or cpus.count()
  local self = setmetatable({ processes = processes, count = 0, workers = {},
    owners = {}, callbacks = {}, submitted = 0,
    imaps = setmetatable({}, { __mode = "k" }), stillborn = 0, timed = 0,
    progress = opts.progress, retries = opts.retries or 0, seed = opts.seed, start_method = method,
    slots = math.max(SLOTS, 2 * processes), cpus = sys.cpus() }, Pool)
  self.core = assert(core.new(function()
    self:poll()
  end, self.slots))
  self.core:limits { max_tasks = opts.maxtasksperchild or 0,
    max_memory = opts.maxmemoryperchild or 0, seed = opts.seed or 0,
    spinners = math.max(self.cpus - 1, 0) }
  local ok, why = boot.make(self.core, { method = method,
    initializer = opts.initializer, initargs = opts.initargs,
    env = opts.env, cwd = opts.cwd })
  if not ok then
    self.core:free()
    error(errors.new("EncodingError", "the workers cannot be given what " ..
      "they need: " .. why), 0)
  end
  guard.add(self)
  for _ = 1, processes do
    ok, why = self:_hire()
    if not ok then
      self:terminate()
      error(errors.new("WorkerLostError", "a worker could not be started: " ..
        why), 0)
    end
  end
  return self
end

return M
