-- What the fork server loads before workers are forked from it.

--- Takes what prun.mp.context made in the master.
-- @param boot table: `path`, `cpath`, `modules`
return function(boot)
  package.path, package.cpath = boot.path, boot.cpath
  -- What every worker needs.
  require "prun.mp.worker"
  require "prun.mp.current"
  for _, name in ipairs(boot.modules) do
    require(name)
  end
end
