-- What a job log says of an earlier run: which jobs have ended.

local M = {}

-- The rows: seq, exit value, signal, command.
local function rows_of(text)
  return text:gmatch("([^\t\n]*)\t[^\t\n]*\t[^\t\n]*\t[^\t\n]*\t[^\t\n]*\t" ..
    "[^\t\n]*\t([^\t\n]*)\t([^\t\n]*)\t([^\n]*)\n")
end

-- Whether a row says that its job is not to be run again.
local function is_done(exit, signal, failed_again)
  if exit == "-2" then
    return false
  end
  return not failed_again or (exit == "0" and signal == "0")
end

--- Jobs by their number, as GNU parallel has it.
-- @param text of the log
-- @param failed_again boolean: those that failed are run again
-- @return function(args, seq) -> whether the job is left out
function M.by_number(text, failed_again)
  local done = {}
  for seq, exit, signal in rows_of(text) do
    local n = math.tointeger(tonumber(seq))
    if n then
      done[n] = is_done(exit, signal, failed_again) or nil
    end
  end
  return function(_, seq)
    return done[seq] or false
  end
end

--- Jobs by their command, so that the inputs may have changed or moved. A
-- command that is there twice is run twice.
-- @param describe function(args) -> the command as it is logged
function M.by_content(text, failed_again, describe)
  local done = {}
  for seq, exit, signal, command in rows_of(text) do
    if seq:find("^%d+$") and is_done(exit, signal, failed_again) then
      done[command] = (done[command] or 0) + 1
    end
  end
  return function(args)
    local command = describe(args)
    local n = command and done[command] or 0
    if n == 0 then
      return false
    end
    done[command] = n - 1
    return true
  end
end

--- The commands that failed, with their numbers.
-- @return list of commands, false for the others; and how many there are
function M.failed(text)
  local commands, last, count = {}, 0, 0
  for seq, exit, signal, command in rows_of(text) do
    local n = math.tointeger(tonumber(seq))
    if n then
      last = math.max(last, n)
      commands[n] = not is_done(exit, signal, true) and
        command:gsub("\0", "\n") or false
    end
  end
  for i = 1, last do
    commands[i] = commands[i] or false
    count = count + (commands[i] and 1 or 0)
  end
  return commands, count
end

return M
