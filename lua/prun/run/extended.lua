-- What more than plain replacement strings needs of a template: words repeated
-- for each value (-X), and strings that may fail, leave a job out, stay
-- unquoted, or need the number of jobs.

local M = {}

local concat, find, gsub, sub = table.concat, string.find, string.gsub, string.sub

--- Whether a word, or piece of text, is to be repeated for each value (-X).
local function repeats(word)
  local found = false
  for _, piece in ipairs(word) do
    if piece.spec and piece.spec.index then
      return false
    end
    found = found or (piece.spec and not piece.spec.single)
  end
  return found
end

--- Fills argv with the word once for each value (-X).
-- @return a filler (see prun.run.template); or nil: it is not repeated
function M.repeater(word)
  if not repeats(word) then
    return nil
  end
  return function(argv, n, args, count, seq, slot)
    for i = 1, count do
      local parts = {}
      for k, piece in ipairs(word) do
        local spec = piece.spec
        local each = spec and spec.each
        if not spec then
          parts[k] = piece
        elseif spec.single then
          parts[k] = spec.single(seq, slot)
        else
          parts[k] = each and each(args[i], seq, slot, args) or args[i]
        end
      end
      argv[n + i] = concat(parts)
    end
    return n + count
  end
end

--- Whether quotes in a text are closed there.
local function whole(text)
  return select(2, gsub(text, "'", "")) % 2 == 0 and select(2, gsub(text, '"', "")) % 2 == 0
end

local BLANK <const> = "[ \t\n;&|()<>]"

--- The pieces of one word: those from the last blank before piece i to the first one after it.
-- @return first and last index, the text before the word, the text behind it
local function word_around(pieces, i)
  local first, last, before, behind = i, i, "", ""
  while first > 1 do
    local text = pieces[first - 1]
    first = first - 1
    if type(text) == "string" and find(text, BLANK) then
      local _, stop = find(text, "^.*" .. BLANK)
      before, pieces[first] = sub(text, 1, stop), sub(text, stop + 1)
      break
    end
  end
  while last < #pieces do
    local text = pieces[last + 1]
    last = last + 1
    if type(text) == "string" and find(text, BLANK) then
      local start = find(text, BLANK)
      behind, pieces[last] = sub(text, start), sub(text, 1, start - 1)
      break
    end
  end
  return first, last, before, behind
end

--- -X: words with values become one piece each, {compound = pieces}, which is repeated for each value; but not
-- where its quotes are not whole.
function M.take_context(pieces)
  local out, i = {}, 1
  while i <= #pieces do
    local piece = pieces[i]
    if type(piece) == "table" and repeats { piece } then
      local copy = table.move(pieces, 1, #pieces, 1, {})
      local first, last, before, behind = word_around(copy, i)
      local word, text = table.move(copy, first, last, 1, {}), ""
      for _, part in ipairs(word) do
        text = text .. (type(part) == "string" and part or "")
      end
      if whole(text) and repeats(word) then
        -- What was put out of this word is taken back.
        for _ = first, i - 1 do
          out[#out] = nil
        end
        out[#out + 1] = before
        out[#out + 1] = { compound = word }
        pieces, i = table.move(copy, last + 1, #copy, 2, { behind }), 0
      else
        out[#out + 1] = piece
      end
    else
      out[#out + 1] = piece
    end
    i = i + 1
  end
  return out
end

--- The function that gives the text of a compound (see prun.run.template).
function M.compound(word, make_text)
  local texts = {}
  for k, part in ipairs(word) do
    texts[k] = type(part) == "table" and make_text(part) or part
  end
  return function(args, count, seq, slot)
    local list = {}
    for i = 1, count do
      local one, parts = { args[i], n = 1 }, {}
      for k, text in ipairs(texts) do
        local message
        parts[k] = text
        if type(text) == "function" then
          parts[k], message = text(one, 1, seq, slot)
          if not parts[k] then
            return nil, message
          end
        end
      end
      list[i] = concat(parts)
    end
    return concat(list, " ")
  end
end

--- Those pieces of a command that ask for more than values.
function M.demands(pieces)
  local found = { skips = {} }
  for _, piece in ipairs(pieces) do
    local spec = piece.spec
    if spec then
      found.fallible = found.fallible or spec.fallible
      found.total = found.total or spec.total
      found.raw = found.raw or spec.raw
      found.skips[#found.skips + 1] = spec.skip
    end
  end
  return found
end

--- A method that raises {message}, as expressions do, returns nil and the message.
function M.guarded(method)
  return function(...)
    local ok, result, message = pcall(method, ...)
    if ok then
      return result, message
    elseif type(result) == "table" then
      return nil, result[1]
    end
    error(result, 0)
  end
end

--- Gives a template what its strings ask for.
function M.meet(t, found)
  if found.fallible then
    t.argv, t.shell = t.argv and M.guarded(t.argv), M.guarded(t.shell)
  end
  t.needs_total = found.total or false
  if #found.skips > 0 then
    function t.skip(args, seq)
      for _, skip in ipairs(found.skips) do
        if skip(args, seq) then
          return true
        end
      end
      return false
    end
  end
  return t
end

return M
