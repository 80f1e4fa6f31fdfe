-- The command line's inputs and command: what prun.run.source and
-- prun.run.template are given.

local shell = require "prun.shell"
local sources = require "prun.run.source"
local sys = require "prun.core.sys"
local templates = require "prun.run.template"

local M = {}

local function max_args(opts)
  local n = opts["max-args"] or opts["max-replace-args"] or opts["max-lines"]
  return n and n > 0 and n or nil
end

local function open_source(parsed)
  local opts = parsed.opts
  if opts["max-lines"] and (opts["max-args"] or opts["max-replace-args"]) then
    return nil, "-L and -n contradict each other, but for --pipe: choose one"
  end
  return sources.open(parsed.inputs, {
    separator = opts.null and "\0" or opts.delimiter,
    max_args = max_args(opts),
    multi = opts.many or opts["context-replace"],
    skip_empty = opts["no-run-if-empty"], cells = opts.celled and {
      last = opts.eof, continued = opts["max-lines"] ~= nil,
      colsep = opts.colsep, csv = opts.csv, trim = opts.trim } or nil,
    link = opts.link, header = opts.header, shuffle = opts.shuf,
    drop = opts["max-replace-args"] == 0 })
end

-- All text with replacement strings, to see which kinds there are.
local function with_strings(parsed)
  local opts = parsed.opts
  return table.concat({ table.concat(parsed.command, " "), opts.filter or "",
    opts.tagstring or "", opts.results or "" }, " ")
end

-- What the options add to replacement strings; nothing, mostly.
local function strings_of(parsed, names)
  local opts, text = parsed.opts, with_strings(parsed)
  if names or text:find("{=", 1, true) or opts.plus or opts.rpl or
    opts.parens or opts.renames then
    return require("prun.run.strings").of(opts, text, names)
  end
  return {}
end

local function compile(parsed, strings)
  local opts = parsed.opts
  if (opts.pipe or opts["pipe-part"]) and #parsed.command == 0 then
    return nil, "--pipe needs a command, which reads the blocks"
  end
  return templates.compile(table.concat(parsed.command, " "), {
    quote_command = opts.quote, words = parsed.command, which = sys.which,
    shell = shell.path, is_function = shell.is_function,
    strings = strings.strings, matcher = strings.matcher,
    default = strings.default, context = opts["context-replace"],
    no_values = opts["max-replace-args"] == 0 or
      ((opts.pipe or opts["pipe-part"]) and not opts.cat) })
end

-- Errors of expressions come as {message}.
local function caught(ok, value, message)
  if ok then
    return value, message
  elseif type(value) == "table" and #value == 1 then
    return nil, value[1]
  end
  error(value, 0)
end

local function finish(parsed, source, template, strings)
  local opts = parsed.opts
  if opts.filter then
    local filter, err = require("prun.run.expression").filter(opts.filter,
      templates.matcher(strings.strings or templates.strings,
      strings.matcher))
    if not filter then
      return nil, err
    end
    source:filter_by(filter)
  end
  if source.reader then
    return source
  elseif source.max_args > 1 or source.multi or opts["max-chars"] then
    source:limit(template, { max_chars = opts["max-chars"],
      exit = opts["exit-if-too-long"],
      slots = opts.jobs or require("prun.cpus").count() })
  end
  return source
end

--- Opens the inputs and compiles the command.
-- @param parsed what prun.cli.parse returned
-- @param template what stands for a command (--lua), or nil
-- @return a source and a template; or nil and a message
function M.open(parsed, template)
  local source, strings, err
  if parsed.opts.pipe or parsed.opts["pipe-part"] then
    source, err = require("prun.cli.blocks")(parsed)
    if not source then
      return nil, err
    end
  elseif parsed.opts.header then
    source, err = open_source(parsed)
    if not source then
      return nil, err
    end
  end
  strings, err = caught(pcall(strings_of, parsed, source and source.names))
  if strings and not template then
    template, err = caught(pcall(compile, parsed, strings))
  end
  if not strings or not template then
    return nil, err
  end
  if not source then
    source, err = open_source(parsed)
    if not source then
      return nil, err
    end
  end
  source, err = caught(pcall(finish, parsed, source, template, strings))
  return source, source and template or err, strings
end

return M
