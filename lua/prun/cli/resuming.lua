-- --resume and its kin: what of an earlier run is not run again.

local joblog = require "prun.run.joblog"
local resume = require "prun.run.resume"

local M = {}

-- The text of a log that is only looked at.
local function read(path)
  local f = io.open(path:gsub("^%+", ""), "rb")
  local text = f and f:read("a") or ""
  if f then
    f:close()
  end
  return text
end

-- The failed commands are the inputs, and each is a command.
local function retry(parsed, text)
  local commands, count = resume.failed(text)
  if #parsed.command > 0 or #parsed.inputs > 0 then
    return nil, "--retry-failed runs the commands of the job log, no other " ..
      "ones: leave the command and its values out"
  end
  local values = {}
  for i, command in ipairs(commands) do
    values[i] = command or ""
  end
  parsed.inputs = { { values = values } }
  parsed.opts["total-jobs"] = math.max(count, 1)
  return function(template)
    return function(args, seq)
      return not commands[seq] or (template.skip and template.skip(args, seq))
    end
  end
end

-- A job's command as the log has it, whatever its number.
local function describer(template)
  local sample = { "a", n = 1 }
  if template:shell(sample, 1, 1) ~= template:shell(sample, 2, 2) then
    return nil, "--resume-by content: the command holds the number of the " ..
      "job or of its slot, which may be another one next time"
  end
  return function(args)
    local text = template:shell(args, 0, 0)
    return text and (text:gsub("\n", "\0"))
  end
end

--- Opens the job log of an earlier run, to go on with it.
-- @param parsed see prun.cli.parse; --retry-failed sets its inputs
-- @return the log (false: nothing is written), and function(template) ->
--   function(args, seq): whether a job is left out; or nil and a message
function M.open(parsed)
  local opts = parsed.opts
  local option = opts["retry-failed"] and "--retry-failed" or
    opts["resume-failed"] and "--resume-failed" or "--resume"
  if not opts.joblog then
    return nil, string.format("%s needs --joblog FILE, which knows what has " ..
      "ended", option)
  end
  local log = false
  if not opts["dry-run"] then
    local err
    log, err = joblog.open(opts.joblog, true)
    if not log then
      return nil, err
    end
  end
  local text = log and log.text or read(opts.joblog)
  if opts["retry-failed"] then
    local done, err = retry(parsed, text)
    if not done then
      return nil, err
    end
    return log, done
  end
  local again = opts["resume-failed"]
  return log, function(template)
    local done, why
    if opts["resume-by"] == "content" then
      local describe
      describe, why = describer(template)
      done = describe and resume.by_content(text, again, describe)
    else
      done = resume.by_number(text, again)
    end
    if not done then
      return nil, why
    end
    return function(args, seq)
      return done(args, seq) or (template.skip and template.skip(args, seq))
    end
  end
end

return M
