-- --pipe and --pipe-part: their options as prun.run.blocks takes them.

local sys = require "prun.core.sys"

--- Opens the input of --pipe; -N and -L count records.
-- @param parsed what prun.cli.parse returned
-- @return a source; or nil and a message
return function(parsed)
  local opts = parsed.opts
  local file = parsed.inputs[1].file
  if not file or #parsed.inputs > 1 then
    return nil, "--pipe reads one input, standard input or -a FILE, and " ..
      "there are values or several files"
  elseif opts["pipe-part"] and (file == "-" or sys.kind(file) ~= "file") then
    return nil, "--pipe-part reads a file: -a FILE"
  end
  local size = opts.block or 1 << 20
  local after = size < 0
  if size < 0 then
    local bytes = opts["pipe-part"] and sys.size(file)
    if not bytes then
      return nil, "--block: a negative number goes with --pipe-part"
    end
    local slots = opts.jobs or require("prun.cpus").count()
    size = bytes // (slots * -size) + 1
  end
  local unit = opts["max-lines"] or 1
  local records = (opts["max-args"] or opts["max-replace-args"] or 0) * unit
  local recend, recstart = opts.recend, opts.recstart
  if opts.null then
    recend = recend or "\0"
  end
  recend = recend or (recstart and "" or "\n")
  recstart = recstart or ""
  if recend .. recstart == "" then
    return nil, "--recend and --recstart are both empty"
  end
  local header = opts.header
  return require("prun.run.blocks").open(file, { size = size,
    records = records, unit = unit, after = after, recend = recend, recstart = recstart,
    header = math.type(header) and header or (header and 1 or 0) })
end
