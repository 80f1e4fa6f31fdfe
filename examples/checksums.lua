#!/usr/bin/env prun
-- checksums: the SHA-256 sums of all files below a folder, in the order of
-- their names, as sha256sum prints them; many files at a time.
--   prun examples/checksums.lua [folder]

local prun = require "prun"

local folder = arg[1] or "."
local list = prun.run({ "find", folder, "-type", "f", "-print0" }, { capture = true, check = true })
local files = {}
for name in list.stdout:gmatch("[^\0]+") do
  files[#files + 1] = name
end
table.sort(files)

local failed = 0
for job in prun.jobs { command = "sha256sum -- {}", inputs = files, keep_order = true, retries = 2 } do
  io.stdout:write(job.stdout)
  if not job.ok then
    failed = failed + 1
    io.stderr:write(job.stderr)
  end
end
if failed > 0 then
  io.stderr:write(failed, " of ", #files, " files could not be read\n")
end
os.exit(failed == 0)
