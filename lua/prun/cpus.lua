-- How many processors there are for this process.

local sys = require "prun.core.sys"

local M = {}

local function read_file(path)
  local f = io.open(path, "r")
  if not f then
    return nil
  end
  local text = f:read("a")
  f:close()
  return text
end

-- The quota of one control group (v2), in processors; nil when unlimited.
local function quota_v2(folder)
  local quota, period = (read_file(folder .. "/cpu.max") or ""):match(
    "^(%d+) (%d+)")
  return quota and tonumber(quota) / tonumber(period)
end

-- The same of version 1.
local function quota_v1(folder)
  local quota = tonumber(read_file(folder .. "/cpu.cfs_quota_us") or "")
  local period = tonumber(read_file(folder .. "/cpu.cfs_period_us") or "")
  return quota and period and quota > 0 and period > 0 and quota / period
    or nil
end

-- The smallest quota on the way from our control group up to the root.
local function smallest(root, path, quota)
  local least = math.huge
  while true do
    least = math.min(least, quota(root .. path) or math.huge)
    if path == "" or path == "/" then
      return least
    end
    path = path:match("^(.*)/[^/]*$")
  end
end

local function cgroup_quota()
  local least = math.huge
  for line in (read_file("/proc/self/cgroup") or ""):gmatch("[^\n]+") do
    local controllers, path = line:match("^%d+:([^:]*):(.*)$")
    if controllers == "" then
      least = math.min(least, smallest("/sys/fs/cgroup", path, quota_v2))
    elseif controllers and ("," .. controllers .. ","):find(",cpu,", 1, true) then
      least = math.min(least, smallest("/sys/fs/cgroup/cpu", path, quota_v1))
    end
  end
  return least
end

--- How many processors this process may use: those that its affinity allows,
-- and no more than its control group's quota, rounded up.
-- @return integer >= 1
function M.count()
  local cpus = sys.cpus()
  local quota = cgroup_quota()
  if quota < cpus then
    return math.max(1, math.ceil(quota))
  end
  return cpus
end

return M
