-- Text with replacement strings that no shell reads: tags, names of files.

local templates = require "prun.run.template"

local M = {}

local function value_of(spec, args, seq, slot)
  if spec.single then
    return spec.single(seq, slot)
  end
  local each = spec.each
  local function one(value)
    return each and (each(value, seq, slot, args)) or value
  end
  if spec.index then
    local value = templates.nth(args, args.n, spec.index)
    return value and one(value) or ""
  end
  local list = {}
  for i = 1, args.n do
    list[i] = one(args[i])
  end
  return table.concat(list, " ")
end

--- Compiles a text.
-- @param text string
-- @param matcher see prun.run.template
-- @param encode function(value) -> text that is put in, or nil: the value
-- @return function(job) -> text, or nil and a message (an expression failed);
--   and whether there are replacement strings
function M.compile(text, matcher, encode)
  local pieces = templates.cut(text, matcher)
  local function fill(job)
    local parts = {}
    for i, piece in ipairs(pieces) do
      local part = piece
      if type(piece) == "table" then
        part = value_of(piece.spec, job.args, job.seq, job.slot)
        part = encode and encode(part) or part
      end
      parts[i] = part
    end
    return table.concat(parts)
  end
  return function(job)
    local ok, filled = pcall(fill, job)
    if not ok and type(filled) == "table" then
      return nil, filled[1]
    end
    return ok and filled or error(filled, 0)
  end, #pieces > 1 or type(pieces[1]) == "table"
end

return M
