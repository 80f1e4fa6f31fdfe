-- New files for what belongs to one job.

local sys = require "prun.core.sys"

--- Makes a file that was not there.
-- @param folder path
-- @param seq integer, the number of the job
-- @return descriptor and path; or nil and a message
return function(folder, seq)
  local fd, err, path
  for _ = 1, 100 do
    path = string.format("%s/prun-%d-%08x.par", folder, seq,
      sys.random() & 0xffffffff)
    fd, err = sys.open(path, "x")
    if fd or not sys.kind(path) then
      break
    end
  end
  return fd, fd and path or err
end
