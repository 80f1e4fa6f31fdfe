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

local function one_of(...)
  local words = { ... }
  return function(text)
    for _, word in ipairs(words) do
      if word == text then
        return text
      end
    end
    return nil, string.format("'%s' is none of %s", text,
      table.concat(words, ", "))
  end
end

local function some(text)
  return text ~= "" and text or nil, "the separator is empty"
end

local function header(text)
  if text == ":" or text == ".*\\n" then
    return text
  end
  return nil, string.format("'%s' is not ':' (the first value of each input)",
    text)
end

--- The rows. `name`: the long name; `short`: letters; `also`: other long names;
-- `arg`: what the value is called (nil: a switch); `parse`: text -> value, or
-- nil and a message; `sets`: values of other options (for aliases); `many`:
-- a list of all values; `group` and `help` for --help. `stop`: what follows
-- is not parsed. `optional`: letters whose value, when there is one, is in the
-- same word, else `default`.
local rows = {
  { group = "Input" },
  { name = "arg-file", short = "a", arg = "FILE", many = true,
    help = "read values from FILE ('-': standard input)" },
  { name = "null", short = "0", help = "values end with NUL, not newline" },
  { name = "delimiter", short = "d", arg = "TEXT", parse = unescape,
    help = "values end with TEXT (\\n, \\t, \\0, \\x2c are understood)" },
  { name = "eof", short = "E", arg = "TEXT",
    help = "the value TEXT ends the input" },
  { name = "link", also = { "xapply" },
    help = "take the inputs in step, not their product; shorter ones wrap" },
  { name = "colsep", short = "C", arg = "REGEX",
    parse = by("prun.run.cells", "colsep"),
    help = "split each value into {1} {2} ... where REGEX matches" },
  { name = "csv", help = "values are records of CSV: {1} {2} ..." },
  { name = "header", arg = "HOW", parse = header,
    help = "':' : the first value of each input names it: {name}" },
  { name = "trim", arg = "SIDES", parse = by("prun.run.cells", "trim"),
    help = "cut blanks off values: l, r, lr or n (none)" },
  { name = "no-run-if-empty", short = "r", help = "skip empty values" },
  { name = "filter", arg = "EXPR",
    help = "only jobs for which the Lua expression EXPR is true: " ..
      "'{1} < {2}'" },
  { name = "shuf", help = "run the jobs in a random order" },
  { name = "arg-sep", arg = "TEXT", parse = some,
    help = "instead of ::: on the command line" },
  { name = "arg-file-sep", arg = "TEXT", parse = some,
    help = "instead of :::: on the command line" },
  { name = "total-jobs", also = { "total" }, arg = "N", parse = whole(1),
    help = "the number of jobs, where --bar, --eta and --halt N% need it" },

  { group = "Values a job" },
  { name = "max-args", short = "n", arg = "N", parse = whole(1),
    help = "N values a job" },
  { name = "max-replace-args", short = "N", arg = "N", parse = whole(0),
    help = "as -n; 0: a value is read and not used" },
  { name = "max-lines", short = "Ll", arg = "N", parse = whole(1),
    optional = "l", default = 1,
    help = "N lines a job; one with a blank at its end goes on in the next" },
  { name = "many", short = "m",
    help = "as many values a job as fit, shared out evenly" },
  { name = "context-replace", short = "X",
    help = "as -m; the word around {} is repeated with it" },
  { name = "max-chars", short = "s", arg = "N", parse = whole(2),
    help = "commands are shorter than N bytes" },
  { name = "exit", short = "x",
    help = "a command that -s does not allow ends the run" },

  { group = "Command" },
  { name = "lua", arg = "CHUNK",
    help = "no command: run CHUNK, Lua, for each input (it: the value)" },
  { name = "plus", help = "more replacement strings: {..} {+/} {0#} {##} " ..
    "{:-text} {#regex} {/regex/text} ... (see the manual)" },
  { name = "rpl", arg = "'STRING EXPR'", many = true,
    help = "STRING is replaced by the value of the Lua expression EXPR" },
  { name = "parens", arg = "OPENCLOSE", parse = some,
    help = "instead of {= and =} around Lua expressions" },
  { name = "replace", renames = true, short = "I", arg = "TEXT", parse = some,
    help = "instead of {}" },
  { name = "extensionreplace", renames = true, also = { "er" }, arg = "TEXT", parse = some,
    help = "instead of {.}" },
  { name = "basenamereplace", renames = true, also = { "bnr" }, arg = "TEXT", parse = some,
    help = "instead of {/}" },
  { name = "dirnamereplace", renames = true, also = { "dnr" }, arg = "TEXT", parse = some,
    help = "instead of {//}" },
  { name = "basenameextensionreplace", renames = true, also = { "bner" }, arg = "TEXT",
    parse = some, help = "instead of {/.}" },
  { name = "seqreplace", renames = true, arg = "TEXT", parse = some, help = "instead of {#}" },
  { name = "slotreplace", renames = true, arg = "TEXT", parse = some,
    help = "instead of {%}" },
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
  { name = "joblog", arg = "FILE",
    help = "write a row for each job that ended; +FILE: add them" },
  { name = "resume", resuming = true, help = "leave out jobs that --joblog FILE says have ended" },
  { name = "resume-failed", resuming = true, help = "as --resume, but run failed jobs again" },
  { name = "retry-failed", resuming = true,
    help = "run the failed commands of --joblog FILE again, nothing else" },
  { name = "resume-by", resuming = true, arg = "WHAT", parse = one_of("number", "content"),
    help = "know jobs by their 'number' (default) or their 'content': the " ..
      "inputs may change" },

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
  { "csv", "null", "a record of CSV ends with its line" },
  { "csv", "delimiter", "a record of CSV ends with its line" },
  { "max-args", "max-replace-args", "choose one" },
  { "max-args", "max-lines", "choose one" },
  { "max-replace-args", "max-lines", "choose one" },
  { "many", "context-replace", "choose one" },
  { "resume", "retry-failed", "choose one" },
  { "resume-failed", "retry-failed", "choose one" },
}

return { rows = rows, conflicts = conflicts }
