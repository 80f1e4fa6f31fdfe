-- Who this process is: the master, or a worker how deep below it.

return { depth = 0, in_worker = false }
