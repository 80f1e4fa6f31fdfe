-- What a task of --lua prints: kept until the task ends. A module, so that
-- functions here have a name by which other workers find them: there they do
-- what they did before.

local M = {}

local plain_print, plain_write = print, io.write

-- Texts printed by the present task; nil where nothing is collected.
M.collected = nil

function M.print(...)
  local out = M.collected
  if not out then
    return plain_print(...)
  end
  local words = table.pack(...)
  for i = 1, words.n do
    words[i] = tostring(words[i])
  end
  out[#out + 1] = table.concat(words, "\t") .. "\n"
end

function M.write(...)
  local out = M.collected
  if not out then
    return plain_write(...)
  end
  for _, word in ipairs { ... } do
    out[#out + 1] = tostring(word)
  end
  return io.stdout
end

--- From now on what is printed is kept.
function M.collect()
  M.collected = {}
  _G.print = M.print
  io.write = M.write -- luacheck: ignore 122
end

return M
