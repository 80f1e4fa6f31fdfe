-- prun.cmd: a command template as a task, for pools.

local sys = require "prun.core.sys"
local command = require "prun.run.command"
local current = require "prun.mp.current"
local shell = require "prun.shell"
local templates = require "prun.run.template"

local M = {}

local Cmd = {}
Cmd.__index = Cmd
Cmd.__name = "prun.Cmd"

-- What workers find by name.
M.Cmd = Cmd

-- Templates compiled in this process, by their text.
local compiled = {}

local function compile(text)
  local template, err = templates.compile(text, { which = sys.which,
    max_args = 2, shell = shell.path, is_function = shell.is_function })
  if template then
    compiled[text] = template
  end
  return template, err
end

-- What prun.run is given for the values: a list of words, or shell text.
local function render(text, args)
  local template = compiled[text] or assert(compile(text))
  local seq = current.task and current.task() or 1
  local slot = current.number or 1
  if not template.direct then
    local line, err = template:shell(args, seq, slot)
    return line or error(err, 0)
  end
  local argv = {}
  local n, err = template:argv(argv, args, seq, slot)
  if not n then
    error(err, 0)
  end
  return table.move(argv, 1, n, 1, {})
end

--- Runs the command with the values put in.
-- @return a CompletedProcess with stdout and stderr, see prun.run
-- @raise as prun.run does; an error when the program is missing
function Cmd:__call(...)
  local args = table.pack(...)
  for i = 1, args.n do
    args[i] = tostring(args[i])
  end
  local opts = { capture = self.capture, check = self.check,
    timeout = self.timeout, cwd = self.cwd, input = "" }
  local result, err = command.run(render(self.text, args), opts)
  if not result then
    error(err, 0)
  end
  return result
end

function Cmd:__tostring()
  return "prun.cmd " .. string.format("%q", self.text)
end

local OPTIONS <const> = { capture = "boolean", check = "boolean",
  timeout = "number", cwd = "string" }

--- Makes a task of a command template.
-- @param text string, a command as on prun's command line: {} is the value,
--   {1} {2} ... several of them, {#} the number of the task in its pool, {%}
--   that of the worker; quoted for where they stand
-- @param opts table or nil: `check` (boolean: another status than 0 is an
--   error), `capture` (boolean, default true: output is in the result),
--   `timeout` (seconds), `cwd`
-- @return a function-like value for Pool:map and its kin; its result is a
--   CompletedProcess
function M.cmd(text, opts)
  if type(text) ~= "string" then
    error("bad argument #1 to 'cmd' (string expected, got " .. type(text) ..
      ")", 2)
  end
  local self = { text = text, capture = true }
  for name, value in pairs(opts or {}) do
    if OPTIONS[name] ~= type(value) then
      error(string.format("bad argument '%s' to 'cmd' (%s)", tostring(name),
        OPTIONS[name] and OPTIONS[name] .. " expected" or "no such option"),
        2)
    end
    self[name] = value
  end
  local template, err = compile(text)
  if not template then
    error("bad argument #1 to 'cmd' (" .. err .. ")", 2)
  end
  return setmetatable(self, Cmd)
end

return M
