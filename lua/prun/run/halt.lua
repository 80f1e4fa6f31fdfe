-- Halt rules: when to stop a run before its inputs are used up.

local M = {}

local Rule = {}
Rule.__index = Rule

local function refuse(text)
  return nil, string.format("'%s' is no halt rule: use never, or now or " ..
    "soon, a comma, and fail=N, success=N or done=N (a number, or of all " ..
    "jobs a percentage as 10%%)", text)
end

-- GNU parallel's old numeric forms.
local numeric = { ["0"] = "never", ["1"] = "soon,fail=1", ["2"] = "now,fail=1" }

--- Parses a halt rule.
-- @param text string: "never", "now,fail=1", "soon,done=10%", ...; as GNU
--   parallel's --halt
-- @return a rule (see `Rule:decide`), or nil and a message
function M.parse(text)
  local spec = numeric[text] or text
  if spec == "never" then
    return setmetatable({ never = true }, Rule)
  end
  local when, what, n, percent = spec:match("^(%a+),(%a+)=(%d+)(%%?)$")
  if (when ~= "now" and when ~= "soon") or
    (what ~= "fail" and what ~= "success" and what ~= "done") then
    return refuse(text)
  end
  n = math.tointeger(tonumber(n))
  if not n or n < 1 then
    return refuse(text)
  end
  return setmetatable({ when = when, what = what, count = n,
    percent = percent == "%" }, Rule)
end

--- Whether the run halts now that another job has ended.
-- @param tally table: `failed`, `succeeded`, and `total` (nil when unknown)
-- @return nil, "soon" (start no more) or "now" (end the running ones too)
function Rule:decide(tally)
  if self.never then
    return nil
  end
  local n = tally.failed
  if self.what == "success" then
    n = tally.succeeded
  elseif self.what == "done" then
    n = tally.failed + tally.succeeded
  end
  local enough
  if self.percent then
    -- As GNU parallel, which waits for three of them before it counts.
    enough = tally.total and n >= 3 and n * 100 >= self.count * tally.total
  else
    enough = n >= self.count
  end
  return enough and self.when or nil
end

return M
