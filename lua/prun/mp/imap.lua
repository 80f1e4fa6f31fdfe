-- Pool:imap and imap_unordered: results as they are asked for, inputs taken
-- only so far ahead. After Python's IMapIterator.

local core = require "prun.core.pool"
local loop = require "prun.core.loop"
local arguments = require "prun.mp.arguments"
local errors = require "prun.error"

local Imap = {}
Imap.__index = Imap
Imap.__name = "prun.Imap"

-- A function that returns true and the next input, or false.
local function reader(iterable)
  local mt = getmetatable(iterable)
  if mt == Imap then
    return function()
      local index, value = iterable:next()
      return index ~= nil, value
    end
  elseif type(iterable) == "function" or (mt and mt.__call) then
    return function()
      local value = iterable()
      return value ~= nil, value
    end
  end
  local i, n = 0, iterable.n or #iterable
  return function()
    i = i + 1
    return i <= n, iterable[i]
  end
end

-- Takes a chunk of inputs and submits it. False when there are no more.
function Imap:_take_chunk()
  local list, n = {}, 0
  while n < self.chunksize do
    local ok, more, value = pcall(self.read)
    if not ok then
      -- What was raised comes up where its result would have been.
      self.ended, self.input_error = true, more
      break
    elseif not more then
      self.ended = true
      break
    end
    n = n + 1
    list[n] = value
  end
  if n == 0 then
    return false
  end
  local base = self.taken
  self.taken = base + n
  local owner = self.pool:_submit("imap", self.f, list, n, core.URGENT, {
    chunksize = n, timeout = self.opts.timeout, retries = self.opts.retries,
    errors = "collect", ordered = self.unordered })
  owner.base = base
  self.chunks[#self.chunks + 1] = owner
  return true
end

--- The pool closes: what a list holds is taken now. What a function gives is
-- still taken as results are.
function Imap:hurry()
  if self.listed then
    self.buffersize = math.huge
    self:_fill()
  end
end

-- Takes inputs as long as there is room for them.
function Imap:_fill()
  if (self.pool.ended or self.pool.ending) and not self.ended then
    self.ended = true
    self.input_error = errors.new("TerminatedError", "the pool was terminated")
  end
  while not self.ended and self.taken - self.given < self.buffersize do
    if not self:_take_chunk() then
      return
    end
  end
end

-- The next result in order, if it is there: its chunk and place.
function Imap:_first()
  local owner = self.chunks[1]
  local i = self.given - owner.base + 1
  if owner.batch:is_done(i) then
    return owner, i
  end
end

-- Any result that is there.
function Imap:_any()
  for _, owner in ipairs(self.chunks) do
    local i = owner.batch:next_ended()
    if i then
      return owner, i
    end
  end
end

-- Drops chunks that were given out whole.
function Imap:_drop(owner)
  owner.given = (owner.given or 0) + 1
  if owner.given < owner.total then
    return
  end
  for i, other in ipairs(self.chunks) do
    if other == owner then
      table.remove(self.chunks, i)
      return
    end
  end
end

-- Waits for a result. Its chunk and place; nothing at the end; false when the
-- time is over.
function Imap:_wait(deadline)
  local find = self.unordered and self._any or self._first
  while true do
    self:_fill()
    if #self.chunks == 0 then
      return nil
    end
    self.pool:poll()
    local owner, i = find(self)
    if owner then
      return owner, i
    end
    if not self.pool.ended and not self.pool.core:spin(self.pool.cpus) then
      local left = deadline and deadline - loop.now()
      if left and left <= 0 then
        return false
      end
      loop.turn(left)
    end
  end
end

--- The next result.
-- @param timeout seconds, or nil
-- @return index of its input, value; nothing at the end
-- @raise the task's error, the next call goes on behind it; TimeoutError;
--   what the input raised
function Imap:next(timeout)
  arguments.check_method(self, Imap, "it", "next")
  arguments.check_seconds("next", timeout)
  local owner, i = self:_wait(timeout and loop.now() + timeout)
  if owner == false then
    error(errors.new("TimeoutError", string.format(
      "no result within %s seconds", timeout)), 0)
  elseif not owner then
    local err = self.input_error
    if err ~= nil then
      self.input_error = nil
      error(err, 0)
    end
    return nil
  end
  self.given = self.given + 1
  self:_drop(owner)
  if self.ended and #self.chunks == 0 then
    self.pool.imaps[self] = nil
  end
  local index = owner.base + i
  local err = owner.errors and owner.errors[i]
  if err then
    err.index = index
    error(err, 0)
  end
  local results = owner.batch:results()
  local value = results[i]
  results[i] = nil
  self:_fill()
  return index, value
end

Imap.__call = function(self)
  return self:next()
end

-- Leaving the loop early takes back what has not begun.
Imap.__close = function(self)
  self.ended = true
  self.pool.imaps[self] = nil
  for _, owner in ipairs(self.chunks) do
    if not owner.done and not self.pool.ended then
      self.pool:cancel(owner)
    end
  end
  self.chunks = {}
end

--- Makes the iterator.
-- @return iterator, nil, nil, closing value: for a generic for
local function new(pool, f, iterable, opts, unordered)
  local chunksize = opts.chunksize or 1
  local self = setmetatable({ pool = pool, f = f, read = reader(iterable),
    opts = opts, unordered = unordered, chunksize = chunksize, taken = 0,
    given = 0, chunks = {}, listed = type(iterable) == "table" and
      not (getmetatable(iterable) or {}).__call, buffersize = opts.buffersize or
      4 * pool.processes * chunksize }, Imap)
  pool.imaps[self] = true
  self:_fill()
  pool:poll()
  return self, nil, nil, self
end

return { new = new }
