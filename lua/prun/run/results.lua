-- --results: the output of jobs in files: a folder for each job's values, files
-- named by a template, or one table (CSV, TSV, JSON). As GNU parallel has it.

local sink = require "prun.core.sink"
local sys = require "prun.core.sys"
local plain = require "prun.run.plain"

local M = {}

-- Writers: save(job, runner) -> true, or nil and a message.

local Files = {}
Files.__index = Files

-- A value as the name of a folder: no slash, and neither "." nor "..".
local function as_name(value)
  local name = value:gsub("\\", "\\\\"):gsub("/", "\\_"):gsub("%z", "\\0")
  if name == "" then
    return "\\-"
  end
  return (name:gsub("^%.%.?$", "\\%0"))
end

-- DIR/1/value/2/value, with names from a header DIR/name/value.
local function tree_path(folder, names)
  return function(job)
    local parts = { folder }
    for i = 1, job.args.n do
      parts[#parts + 1] = as_name(names and names[i] or tostring(i))
      parts[#parts + 1] = as_name(job.args[i])
    end
    return table.concat(parts, "/") .. "/"
  end
end

local function make_folders(path, made)
  for at in path:gmatch("()/") do
    local folder = path:sub(1, at - 1)
    if folder ~= "" and not made[folder] then
      local ok, err = sys.mkdir(folder)
      if not ok then
        return nil, err
      end
      made[folder] = true
    end
  end
  return true
end

local function write_file(path, write)
  local fd, err = sys.open(path, "w")
  if not fd then
    return nil, err
  end
  local ok
  ok, err = write(fd)
  sys.close(fd)
  return ok, err and path .. ": " .. err
end

function Files:save(job, runner)
  local path, err = self.path(job)
  if not path then
    return nil, err
  end
  local ok
  ok, err = make_folders(path, self.made)
  if not ok then
    return nil, err
  end
  local inside = path:sub(-1) == "/"
  local names = inside and { "stdout", "stderr", "seq" } or
    { "", ".err", ".seq" }
  for i, stream in ipairs { "stdout", "stderr" } do
    ok, err = write_file(path .. names[i], function(fd)
      return runner:save(job, stream, fd)
    end)
    if not ok then
      return nil, err
    end
  end
  return write_file(path .. names[3], function(fd)
    return sys.write(fd, tostring(job.seq))
  end)
end

function Files.close() end

-- Tables.

local Table = {}
Table.__index = Table

local function csv_cell(sep)
  return function(value)
    local text = tostring(value)
    if text:find('["\n\r ]') or text:find(sep, 1, true) then
      return '"' .. text:gsub('"', '""') .. '"'
    end
    return text
  end
end

local function row_of(job, runner, start, command)
  return { job.seq, ":", string.format("%.3f", start),
    string.format("%.3f", job.seconds), 0, job.bytes,
    job.cause == "timeout" and -1 or math.max(job.code, 0), job.signal,
    command }, runner:texts(job)
end

local HEAD <const> = { "Seq", "Host", "Starttime", "JobRuntime", "Send",
  "Receive", "Exitval", "Signal", "Command" }

function Table:put(cells)
  local out = {}
  for i, cell in ipairs(cells) do
    out[i] = self.cell(cell)
  end
  return self.write(table.concat(out, self.sep) .. "\n")
end

function Table:save(job, runner)
  local row, out, err = row_of(job, runner, (runner:usage(job)),
    runner:describe(job))
  local n = job.args.n
  if not self.begun then
    self.begun = true
    local head = table.move(HEAD, 1, #HEAD, 1, {})
    for i = 1, n do
      head[#head + 1] = self.names and self.names[i] or "V" .. i
    end
    head[#head + 1], head[#head + 2] = "Stdout", "Stderr"
    local ok, message = self:put(head)
    if not ok then
      return nil, message
    end
  end
  table.move(job.args, 1, n, #row + 1, row)
  row[#row + 1], row[#row + 2] = out, err
  return self:put(row)
end

local Json = {}
Json.__index = Json

-- Bytes that are no UTF-8 become U+DC80 and on, as Python's surrogateescape.
local function json_string(text)
  local valid = utf8.len(text)
  local out = text:gsub('[%c"\\\127]', function(c)
    return (c == '"' or c == "\\") and "\\" .. c or
      string.format("\\u%04x", c:byte())
  end)
  if valid then
    return '"' .. out .. '"'
  end
  local parts, at = {}, 1
  while at <= #out do
    local _, bad = utf8.len(out, at)
    parts[#parts + 1] = out:sub(at, (bad or #out + 1) - 1)
    if not bad then
      break
    end
    parts[#parts + 1] = string.format("\\udc%02x", out:byte(bad))
    at = bad + 1
  end
  return '"' .. table.concat(parts) .. '"'
end

M.json_string = json_string

function Json:save(job, runner)
  local row, out, err = row_of(job, runner, (runner:usage(job)),
    runner:describe(job))
  local parts = {}
  for i, name in ipairs(HEAD) do
    local value = row[i]
    if name == "Host" or name == "Command" then
      value = json_string(value)
    end
    parts[i] = string.format('"%s": %s', name, value)
  end
  local values = {}
  for i = 1, job.args.n do
    values[i] = json_string(job.args[i])
  end
  parts[#parts + 1] = '"V": [ ' .. table.concat(values, ", ") .. " ]"
  parts[#parts + 1] = '"Stdout": ' .. json_string(out)
  parts[#parts + 1] = '"Stderr": ' .. json_string(err)
  return self.write("{ " .. table.concat(parts, ", ") .. " }\n")
end

local function writer_to(path)
  if path:find("^%-%.") then
    return function(text)
      sink.out(text)
      return true
    end
  end
  local fd, err = sys.open(path, "w")
  if not fd then
    return nil, err
  end
  return function(text)
    local ok, message = sys.write(fd, text)
    return ok, message and path .. ": " .. message
  end
end

--- Opens what --results names.
-- @param where string: NAME.csv, .tsv or .json ("-.csv": on standard output); a
--   path with replacement strings, a folder when it ends in "/"; else a folder
-- @param matcher see prun.run.template
-- @param names list of the values' names, or nil
-- @return a writer; or nil and a message
function M.open(where, matcher, names)
  local kind = where:match("%.(%a+)$")
  if kind == "csv" or kind == "tsv" or kind == "json" then
    local write, err = writer_to(where)
    if not write then
      return nil, err
    end
    local sep = kind == "csv" and "," or "\t"
    return setmetatable({ write = write, sep = sep, cell = csv_cell(sep),
      names = names }, kind == "json" and Json or Table)
  end
  local path, has_strings = plain.compile(where, matcher, function(value)
    return (value:gsub("%z", "\\0"))
  end)
  if not has_strings then
    path = tree_path(where:gsub("(.)/+$", "%1"), names)
  end
  return setmetatable({ path = path, made = {} }, Files)
end

return M
