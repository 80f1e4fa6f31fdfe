-- How much at a time, how long: numbers of jobs and durations as users write them.

local sys = require "prun.core.sys"
local cpus = require "prun.cpus"

local M = {}

-- The first word of a file, or nil.
local function first_word(path)
  local f = io.open(path, "r")
  if not f then
    return nil
  end
  local word = f:read("a"):match("^%s*(%S*)")
  f:close()
  return word
end

-- Each job needs two descriptors of ours; some are needed otherwise.
local function most_jobs()
  return math.max(1, math.min(16384, (sys.limits() - 16) // 2))
end

local function jobs_of_text(text)
  if text:find("^%d+$") then
    local n = math.tointeger(tonumber(text))
    return n == 0 and most_jobs() or n
  end
  local sign, n = text:match("^([+-])(%d+)$")
  if sign then
    local more = tonumber(n)
    return cpus.count() + (sign == "+" and more or -more)
  end
  local percent = text:match("^(%d+%.?%d*)%%$")
  return percent and cpus.count() * tonumber(percent) // 100
end

--- The number of jobs to run at a time.
-- @param text string as GNU parallel's -j takes it: N, 0 (as many as
--   possible), +N, -N (than processors), N% (of them), or a file with one
-- @return integer >= 1, or nil and a message
function M.jobs(text)
  local n = jobs_of_text(text)
  if not n and sys.kind(text) == "file" then
    n = jobs_of_text(first_word(text) or "")
    if not n then
      return nil, string.format("the file '%s' holds no number of jobs", text)
    end
  end
  if not n then
    return nil, string.format("'%s' is no number of jobs: use N, 0, +N, -N, " ..
      "N%% or a file that holds one of these", text)
  end
  return math.max(1, math.tointeger(n) or 1)
end

local units = { s = 1, m = 60, h = 3600, d = 86400 }

--- Parses a duration as GNU parallel takes it.
-- @param text string: seconds with or without a fraction, or numbers with the
--   units s, m, h, d, as 1h30m
-- @return seconds, or nil and a message
function M.duration(text)
  local seconds = tonumber(text:match("^%d*%.?%d+$"))
  if seconds then
    return seconds
  end
  local sum, rest = 0, text
  while rest ~= "" do
    local n, unit, more = rest:match("^(%d*%.?%d+)([smhd])(.*)$")
    if not n then
      return nil, string.format("'%s' is no duration: use seconds, or " ..
        "numbers with s, m, h or d, as 1h30m", text)
    end
    sum, rest = sum + tonumber(n) * units[unit], more
  end
  if text == "" then
    return nil, "a duration is missing"
  end
  return sum
end

return M
