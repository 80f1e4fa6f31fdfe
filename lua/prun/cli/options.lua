-- The option table: the parser and --help come from it.

-- Parses by a function of a module that is loaded only then.
local function by(module, name)
  return function(text)
    return require(module)[name](text)
  end
end

-- Values.

local function whole(least)
  return function(text)
    local n = text:find("^%d+$") and math.tointeger(tonumber(text))
    if not n or n < least then
      return nil, string.format("'%s' is no whole number from %d on", text,
        least)
    end
    return n
  end
end

local escapes = { n = "\n", t = "\t", r = "\r", f = "\f", v = "\v", a = "\a",
  b = "\b", e = "\27", ["\\"] = "\\" }

-- C's escapes, as GNU parallel and xargs take them in -d.
local function unescape(text)
  text = text:gsub("\\(x%x%x?)", function(hex)
    return string.char(tonumber(hex:sub(2), 16))
  end)
  text = text:gsub("\\([0-7][0-7]?[0-7]?)", function(octal)
    return string.char(tonumber(octal, 8) & 255)
  end)
  text = text:gsub("\\(.)", escapes)
  if text == "" then
    return nil, "the delimiter is empty; for NUL use -0"
  end
  return text
end

-- How often a job is run at the most; 0 is no limit, as GNU parallel has it.
local function times(text)
  local n, err = whole(0)(text)
  return n == 0 and math.huge or n, err
end

--- The rows. `name`: the long name; `short`: letters; `also`: other long names;
-- `arg`: what the value is called (nil: a switch); `parse`: text -> value, or
-- nil and a message; `sets`: values of other options (for aliases); `many`:
-- a list of all values; `group` and `help` for --help. `stop`: what follows
-- is not parsed.
local rows = {
  { group = "Input" },
  { name = "arg-file", short = "a", arg = "FILE", many = true,
    help = "read values from FILE ('-': standard input)" },
  { name = "null", short = "0", help = "values end with NUL, not newline" },
  { name = "delimiter", short = "d", arg = "TEXT", parse = unescape,
    help = "values end with TEXT (\\n, \\t, \\0, \\x2c are understood)" },
  { name = "max-args", short = "n", arg = "N", parse = whole(1),
    help = "N values a job" },
  { name = "no-run-if-empty", short = "r", help = "skip empty values" },

  { group = "Command" },
  { name = "lua", arg = "CHUNK",
    help = "no command: run CHUNK, Lua, for each input (it: the value)" },
  { name = "quote", short = "q",
    help = "the words of the command are kept as they are typed" },
  { name = "shell", arg = "PROGRAM",
    help = "the shell for what needs one (default $PRUN_SHELL, " ..
      "$PARALLEL_SHELL, $SHELL, /bin/sh)" },
  { name = "dry-run", also = { "dryrun" },
    help = "print the commands, run nothing" },

  { group = "Jobs" },
  { name = "jobs", short = "jP", also = { "max-procs" }, arg = "N",
    parse = by("prun.run.limits", "jobs"),
    help = "N jobs at a time; 0: as many as possible; +N, -N, N%: of the " ..
      "processors; default 100%" },
  { name = "retries", arg = "N", parse = times,
    help = "run a failing job N times in all; 0: until it succeeds" },
  { name = "timeout", arg = "TIME", parse = by("prun.run.limits", "duration"),
    help = "end a job that runs longer (seconds, or 90s, 2m, 1h30m)" },
  { name = "term-seq", also = { "termseq" }, arg = "SEQUENCE",
    parse = by("prun.run.termseq", "parse"),
    help = "signals and milliseconds that end a job (default TERM,2000,KILL)" },
  { name = "halt", also = { "halt-on-error" }, arg = "RULE",
    parse = by("prun.run.halt", "parse"),
    help = "never; or now or soon, then fail=N, success=N, done=N (N%)" },

  { group = "Output" },
  { name = "group", help = "print a job's output when it ends (default)" },
  { name = "ungroup", short = "u",
    help = "jobs write straight to prun's own output" },
  { name = "line-buffer", also = { "lb", "linebuffer" },
    help = "print whole lines as they come" },
  { name = "keep-order", short = "k", help = "print in the order of the input" },
  { name = "tag", help = "begin each line with the job's values and a tab" },
  { name = "tmpdir", arg = "FOLDER",
    help = "where output waits that is too long for memory" },
  { name = "verbose", short = "t", help = "print each command on stderr first" },
  { name = "bar", help = "a progress bar on a terminal" },
  { name = "eta", help = "an estimate of the time left, on a terminal" },
  { name = "summary", help = "always say at the end how many jobs failed" },
  { name = "joblog", arg = "FILE", help = "write a row for each job that ended" },

  { group = "Other" },
  { name = "eval", short = "e", arg = "CHUNK", stop = true,
    help = "run a chunk of Lua; words after it are its arguments" },
  { name = "interactive", short = "i", help = "a Lua prompt" },
  { name = "help", short = "h", help = "print this help" },
  { name = "version", short = "V", help = "print the version" },
}

-- Pairs that contradict each other, and the way out.
local conflicts = {
  { "ungroup", "keep-order", "ungrouped output has no order; " ..
    "use --line-buffer with -k" },
  { "ungroup", "tag", "ungrouped output cannot be tagged; " ..
    "use --line-buffer with --tag" },
  { "ungroup", "line-buffer", "choose one" },
  { "ungroup", "group", "choose one" },
  { "line-buffer", "group", "choose one" },
  { "null", "delimiter", "choose one" },
}

return { rows = rows, conflicts = conflicts }
