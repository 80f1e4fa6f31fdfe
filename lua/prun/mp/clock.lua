-- Timeouts of a pool's tasks: workers that run one too long are ended.

local loop = require "prun.core.loop"

local M = {}

-- Ends the workers whose task has run too long; looks again when the next
-- one may have.
local function watch(self)
  local soonest = math.huge
  for slot in pairs(self.workers) do
    local owner, index, age = self.core:running(slot)
    local limit = owner and owner.timeout
    if limit and age >= limit then
      if self.core:seize(slot, owner, index) then
        self:_end_worker(slot, { kind = "TimeoutError",
          message = string.format("%s ran for more than %s seconds",
            owner:name(index), limit) })
      end
    elseif limit then
      soonest = math.min(soonest, limit - age)
    end
  end
  if self.timed > 0 then
    self.clock:start(math.max(math.min(soonest, self.shortest / 4), 0.001))
  end
end

--- A task was submitted that may run so long.
-- @param timeout seconds, or nil
function M.start(self, timeout)
  if not timeout then
    return
  end
  self.timed = self.timed + 1
  self.shortest = math.min(self.timed > 1 and self.shortest or math.huge,
    timeout)
  self.clock = self.clock or loop.timer(function()
    self:poll()
    if not self.ended then
      watch(self)
    end
  end)
  self.clock:start(math.max(self.shortest / 4, 0.001))
end

return M
