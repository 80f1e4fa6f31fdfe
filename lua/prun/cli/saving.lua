-- What else is done with the output of a job: --results, --files, -v.

local sink = require "prun.core.sink"
local sys = require "prun.core.sys"
local templates = require "prun.run.template"
local temporary = require "prun.run.temporary"

local M = {}

-- --files: a job's output in a file of its own, whose name is printed.
local function to_files(run, ending)
  local folder = run.opts.tmpdir or os.getenv("TMPDIR") or "/tmp"
  return function(job)
    local fd, path = temporary(folder, job.seq)
    local ok, err = fd, path
    if fd then
      ok, err = run.runner:save(job, "stdout", fd)
      sys.close(fd)
      run.runner:drop(job, "stdout")
    end
    if not ok then
      run:trouble("--files: " .. err)
      return
    end
    sink.out(path .. ending)
  end
end

local function to_results(run, results)
  return function(job)
    local ok, err = results:save(job, run.runner)
    if not ok then
      run:trouble("--results: " .. err)
    end
    run.runner:drop(job)
  end
end

local function show_command(run)
  return function(job)
    sink.out(run.runner:describe(job) .. "\n")
  end
end

--- What the printer does before it prints a job's output.
-- @param run the run: `opts`, `runner`, `trouble(message)`
-- @param strings see prun.run.strings; and names from a header
-- @return function(job) or nil; or false and a message
function M.before(run, strings, names)
  local opts, steps = run.opts, {}
  if opts.v then
    steps[#steps + 1] = show_command(run)
  end
  if opts.results then
    local results, err = require("prun.run.results").open(opts.results,
      templates.matcher(strings.strings or templates.strings,
      strings.matcher), names)
    if not results then
      return false, "--results: " .. err
    end
    steps[#steps + 1] = to_results(run, results)
  elseif opts.files or opts.files0 then
    steps[#steps + 1] = to_files(run, opts.files0 and "\0" or "\n")
  end
  if #steps == 0 then
    return nil
  end
  return function(job)
    for _, step in ipairs(steps) do
      step(job)
    end
  end
end

return M
