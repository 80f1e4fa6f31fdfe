-- --help, made from the option table.

local options = require "prun.cli.options"

local M = {}

local usage = [[
usage: prun [options] command [words] [::: values]... [:::: files]...
       prun [options] script.lua [arguments]
       prun -e CHUNK [arguments]
       prun -i
       prun --xargs [xargs's options] [command] [arguments]

Runs the command for each line of standard input, or for each value after :::,
several at a time. {} in the command is the value; without it the value comes
last. Values are quoted: they never become shell text.

  {}   the value              {#}  the job's number
  {.}  without its extension  {%}  the job's slot
  {/}  without its folder     {2}  the second value ({2.} {2/} ... too)
  {//} its folder             {/.} neither folder nor extension
]]

local examples = [[

Examples:
  find . -name '*.log' | prun gzip -9
  prun -k --tag 'zcat {} | wc -l' ::: *.gz
  prun -j2 echo {1}-{2} ::: a b ::: 1 2

Exit status: 0 all jobs succeeded; 1 to 100 that many failed; 101 more; 255
another error. The manual is prun(1).
]]

-- Breaks text into lines of at most width characters.
local function wrap(text, width)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    if line ~= "" and #line + 1 + #word > width then
      lines[#lines + 1] = line
      line = word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  lines[#lines + 1] = line
  return lines
end

local function names(row)
  local parts = {}
  for _, letter in ipairs(row.letters) do
    parts[#parts + 1] = "-" .. letter
  end
  parts[#parts + 1] = "--" .. row.name
  local text = table.concat(parts, ", ")
  return row.arg and text .. (row.letters[1] and " " or "=") .. row.arg or text
end

local function option(row)
  local left = "  " .. names(row)
  local lines = wrap(row.help, 48)
  local out = {}
  if #left > 28 then
    out[1] = left
    left = ""
  end
  for _, text in ipairs(lines) do
    out[#out + 1] = string.format("%-30s%s", left, text)
    left = ""
  end
  return table.concat(out, "\n")
end

--- The text of --help.
function M.text()
  local out = { usage }
  for _, row in ipairs(options.rows()) do
    if row.group then
      out[#out + 1] = "\n" .. row.group .. ":\n"
    else
      out[#out + 1] = option(row) .. "\n"
    end
  end
  out[#out + 1] = examples
  return table.concat(out)
end

return M
