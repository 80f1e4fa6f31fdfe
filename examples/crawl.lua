#!/usr/bin/env prun
-- A crawler: each page's links become new tasks, from the callback of the task
-- that found them. The web is a folder of files here: a link is the name of a
-- file in [[double brackets]] or href="...".
-- Usage: prun examples/crawl.lua START-FILE

local prun = require "prun"

local start = arg[1]
if not start then
  io.stderr:write("usage: crawl.lua START-FILE\n")
  os.exit(2)
end

-- Reads a page: its title and where it leads to.
local function fetch(path)
  local f, err = io.open(path)
  if not f then
    error(err, 0)
  end
  local text = f:read("a")
  f:close()
  local links, folder = {}, path:match("^(.*/)") or ""
  local function add(name)
    if not name:find("^%a+:") and not name:find("^[/#]") then
      links[#links + 1] = folder .. name:gsub("#.*", "")
    end
  end
  text:gsub('href="([^"]+)"', add)
  text:gsub("%[%[([^%]]+)%]%]", add)
  return text:match("<title>([^<]*)") or text:match("[^\n]*"), links
end

local pool <close> = prun.Pool(4)
local seen, queue, found, missing = {}, {}, {}, {}

local function visit(path)
  if seen[path] then
    return
  end
  seen[path] = true
  queue[#queue + 1] = pool:apply_async(fetch, { path }, {
    callback = function(title, links)
      found[#found + 1] = path .. ": " .. title
      for _, link in ipairs(links) do
        visit(link)
      end
    end,
    error_callback = function(err)
      missing[#missing + 1] = err.message
    end })
end

visit(start)
-- A callback has run when the wait is over: the queue is as long as it gets.
local i = 1
while queue[i] do
  queue[i]:wait()
  i = i + 1
end
table.sort(found)
table.sort(missing)
print(table.concat(found, "\n"))
for _, text in ipairs(missing) do
  print("missing: " .. text)
end
print(string.format("%d pages, %d dead links", #found, #missing))
