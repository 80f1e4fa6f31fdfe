-- How far a map is, for whoever wants to watch: a bar, or a function.

local current = require "prun.mp.current"

-- A function is told when the number of ended tasks changed.
local function caller(f, view)
  local told = -1
  local meter = {}
  function meter.changed()
    local done = view.done
    if done ~= told and told ~= view then
      told = done
      local ok, err = pcall(f, done, view.total)
      if not ok then
        -- Once is enough.
        told = view
        current.report("a progress function failed: " .. tostring(err))
      end
    end
  end
  meter.close = meter.changed
  return meter
end

--- Shows an AsyncResult's progress until it is done.
-- @param owner AsyncResult of a map
-- @param how true: a bar on a terminal's stderr; or function(done, total)
-- @return what has changed() and close(); nil when there is nobody to see it
return function(owner, how)
  local view = setmetatable({ total = owner.total, failed = 0, running = 0 },
    { __index = function(_, name)
      return name == "done" and owner.total - owner.batch:left() or nil
    end })
  if type(how) == "function" then
    return caller(how, view)
  end
  return current.progress(view)
end
