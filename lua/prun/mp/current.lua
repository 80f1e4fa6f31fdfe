-- Who this process is, and how it can speak to people.
--
-- depth: 0 in the master, 1 in a worker of its, 2 in a worker of that ...
-- in_worker: boolean; parent_pid: the master's pid, number: the worker's own in
--   its pool, task(): the number of its task in the pool, in a worker
-- start_method, portable, shell: what a worker's master has
-- report(text): tells what nobody else would be told
-- progress(view): shows how far something is; the face that is shown sets it.
--   view: `done`, `failed`, `running`, `total`. Returns nil, or something with
--   changed() and close()

return { depth = 0, in_worker = false, report = function() end,
  progress = function() end }
