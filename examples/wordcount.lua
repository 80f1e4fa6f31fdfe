#!/usr/bin/env prun
-- wordcount: the most frequent words of files, each file counted by a job.
--   prun examples/wordcount.lua [file...]      (default: the licences of Debian)

local prun = require "prun"

local files = #arg > 0 and { table.unpack(arg) } or {}
if #files == 0 then
  local list = prun.run({ "find", "/usr/share/common-licenses", "-type", "f" }, { capture = true, check = true })
  for name in list.stdout:gmatch("[^\n]+") do
    files[#files + 1] = name
  end
end

local total, failed = {}, 0
for job in prun.jobs {
  command = "exec < {}; tr -cs A-Za-z '\\n' | tr A-Z a-z | sort | uniq -c",
  inputs = files,
} do
  if not job.ok then
    failed = failed + 1
    io.stderr:write(job.args[1], ": ", job.stderr)
  end
  for count, word in job.stdout:gmatch("(%d+) (%a+)") do
    total[word] = (total[word] or 0) + tonumber(count)
  end
end

local words = {}
for word in pairs(total) do
  words[#words + 1] = word
end
table.sort(words, function(a, b)
  return total[a] > total[b] or (total[a] == total[b] and a < b)
end)
for i = 1, math.min(10, #words) do
  print(total[words[i]], words[i])
end
os.exit(failed == 0)
