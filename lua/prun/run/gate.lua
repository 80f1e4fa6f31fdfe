-- When no job may start although a slot is free: --delay, --load, --memfree,
-- --noswap.

local cpus = require "prun.cpus"
local loop = require "prun.core.loop"

local M = {}

-- Seconds until it is looked again.
local AGAIN <const> = 0.2

local units = { [""] = 1, k = 1000, K = 1024, m = 1000^2, M = 1024^2,
  g = 1000^3, G = 1024^3, t = 1000^4, T = 1024^4, p = 1000^5, P = 1024^5 }

--- Parses a size as GNU parallel takes it: a number with K, M, G, T, P (1024)
-- or k, m, g, t, p (1000).
-- @return bytes; or nil and a message
function M.size(text)
  local n, unit = text:match("^(%d*%.?%d+)([kmgtpKMGTP]?)$")
  if not n then
    return nil, string.format("'%s' is no size: use a number with K, M, G, " ..
      "T or P", text)
  end
  return tonumber(n) * units[unit]
end

--- Parses --load: a number, or N% of the processors.
function M.max_load(text)
  local percent = text:match("^(%d+%.?%d*)%%$")
  local n = percent and cpus.count() * tonumber(percent) / 100 or
    tonumber(text:match("^%d*%.?%d+$"))
  if not n then
    return nil, string.format("'%s' is no load: use a number, or N%%", text)
  end
  return n == 0 and 0.01 or n
end

local function field(path, pattern)
  local f = io.open(path, "r")
  local text = f and f:read("a") or ""
  if f then
    f:close()
  end
  return tonumber(text:match(pattern))
end

-- Processes that run or wait for a disk, but for ourselves.
local function running_processes()
  return (field("/proc/stat", "procs_running (%d+)") or 1) - 1 +
    (field("/proc/stat", "procs_blocked (%d+)") or 0)
end

local function free_memory()
  return (field("/proc/meminfo", "MemAvailable:%s+(%d+)") or math.huge) * 1024
end

local function swapped()
  return (field("/proc/vmstat", "pswpin (%d+)") or 0) +
    (field("/proc/vmstat", "pswpout (%d+)") or 0)
end

local Gate = {}
Gate.__index = Gate

--- Makes a gate.
-- @param opts the options: `delay` (seconds), `load`, `memfree` (bytes),
--   `noswap`
-- @param scheduler function() -> the scheduler, whose youngest job is put back
--   when memory runs out
-- @return a gate; nil when nothing is asked for
function M.new(opts, scheduler)
  if not (opts.delay or opts.load or opts.memfree or opts.noswap) then
    return nil
  end
  local self = setmetatable({ opts = opts, scheduler = scheduler,
    swapped = swapped() }, Gate)
  self.timer = loop.timer(function()
    self.armed = false
    self:watch()
  end)
  return self
end

function Gate:wait(seconds)
  if not self.armed then
    self.armed = true
    self.timer:start(seconds)
  end
  return false
end

-- While jobs run and memory is short: half of what should be free.
function Gate:watch()
  local least, scheduler = self.opts.memfree, self.scheduler()
  if not least or not scheduler or scheduler.running == 0 then
    return
  end
  if scheduler.running > 1 and free_memory() < least / 2 then
    scheduler:put_back()
  end
  self:wait(AGAIN)
end

--- Whether a job may start now.
function Gate:is_open()
  local opts, now = self.opts, loop.now()
  if opts.delay and self.last and now < self.last + opts.delay then
    return self:wait(self.last + opts.delay - now)
  elseif opts.load and running_processes() >= opts.load then
    return self:wait(AGAIN)
  elseif opts.memfree and free_memory() < opts.memfree then
    return self:wait(AGAIN)
  elseif opts.noswap then
    local n = swapped()
    local swaps = n ~= self.swapped
    self.swapped = n
    if swaps then
      return self:wait(AGAIN)
    end
  end
  return true
end

--- A job started.
function Gate:started()
  self.last = loop.now()
  if self.opts.memfree then
    self:watch()
  end
end

return M
