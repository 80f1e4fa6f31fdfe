-- The option table: the parser, --help and what is made of them come from it.
--
-- A line is " -j --jobs --other-name VALUE | help"; deeper lines go on with the
-- help, others are headings. VALUE is what the value is called (none: a
-- switch); "..." behind it: each value counts. A text, since it is read at each
-- start, and mostly for one or two options.

local M = {}

local TEXT <const> = [[
Input:
 -a --arg-file FILE... | read values from FILE ('-': standard input)
 -0 --null | values end with NUL, not newline
 -d --delimiter TEXT | values end with TEXT (\n, \t, \0, \x2c are understood)
 -E --eof TEXT | the value TEXT ends the input
 --link --xapply | take the inputs in step, not their product; shorter ones
    wrap
 -C --colsep REGEX | split each value into {1} {2} ... where REGEX matches
 --csv | values are records of CSV: {1} {2} ...
 --header HOW | ':' : the first value of each input names it: {name}
 --trim SIDES | cut blanks off values: l, r, lr or n (none)
 -r --no-run-if-empty | skip empty values
 --filter EXPR | only jobs for which the Lua expression EXPR is true: '{1} <
    {2}'
 --shuf | run the jobs in a random order
 --arg-sep TEXT | instead of ::: on the command line
 --arg-file-sep TEXT | instead of :::: on the command line
 --total-jobs --total N | the number of jobs, where --bar, --eta and --halt N%
    need it

Values a job:
 -n --max-args N | N values a job
 -N --max-replace-args N | as -n; 0: a value is read and not used
 -L -l --max-lines N | N lines a job; one with a blank at its end goes on in
    the next
 -m --many | as many values a job as fit, shared out evenly
 -X --context-replace | as -m; the word around {} is repeated with it
 -s --max-chars N | commands are shorter than N bytes
 -x --exit-if-too-long | a command that -s does not allow ends the run

Blocks of the input:
 --pipe | no values: each job reads a block of whole records from its standard
    input
 --pipe-part --pipepart | the same, from the file of -a
 --block SIZE | blocks of about so many bytes (default 1M); with --pipe-part
    -N: so many blocks a job slot
 --recend TEXT | records end with TEXT (default \n)
 --recstart TEXT | records begin with TEXT
 --cat | {} is a file that holds the block

Command:
 --lua CHUNK | no command: run CHUNK, Lua, for each input (it: the value)
 --plus | more replacement strings: {..} {+/} {0#} {##} {:-text} {#regex}
    {/regex/text} ... (see the manual)
 --rpl 'STRING_EXPR'... | STRING is replaced by the value of the Lua
    expression EXPR
 --parens OPENCLOSE | instead of {= and =} around Lua expressions
 -I --replace TEXT | instead of {}
 --extensionreplace --er TEXT | instead of {.}
 --basenamereplace --bnr TEXT | instead of {/}
 --dirnamereplace --dnr TEXT | instead of {//}
 --basenameextensionreplace --bner TEXT | instead of {/.}
 --seqreplace TEXT | instead of {#}
 --slotreplace TEXT | instead of {%}
 -q --quote | the words of the command are kept as they are typed
 --shell PROGRAM | the shell for what needs one (default $PRUN_SHELL,
    $PARALLEL_SHELL, $SHELL, /bin/sh)
 --dry-run --dryrun | print the commands, run nothing

Jobs:
 -j -P --jobs --max-procs N | N jobs at a time; 0: as many as possible; +N,
    -N, N%: of the processors; default 100%
 --retries N | run a failing job N times in all; 0: until it succeeds
 --retry-delay TIME | wait so long before a failing job runs again
 --delay TIME | wait so long between the starts of two jobs
 --load N | start jobs only while fewer than N processes run; N%: of the
    processors
 --memfree SIZE | start jobs only while so much memory is free; the youngest
    job is put back when half of it is
 --noswap | start no jobs while the system swaps
 --nice N | run the jobs with this niceness
 --process-slot-var NAME | the number of the slot, from 0, in the environment
 --timeout TIME | end a job that runs longer (seconds, or 90s, 2m, 1h30m)
 --term-seq --termseq SEQUENCE | signals and milliseconds that end a job
    (default TERM,2000,KILL)
 --exit RULE | the exit status: count of failed jobs (default), any (1), max
    or first (of the failed jobs' own)
 --halt --halt-on-error RULE | never; or now or soon, then fail=N, success=N,
    done=N (N%)

Output:
 --group | print a job's output when it ends (default)
 -u --ungroup | jobs write straight to prun's own output
 --line-buffer --lb --linebuffer | print whole lines as they come
 -k --keep-order | print in the order of the input
 --tag | begin each line with the job's values and a tab
 --tagstring TEXT | begin each line with TEXT, which may have replacement
    strings, and a tab
 --results WHERE | save output instead: in a folder for each job's values, in
    files named by a template, or in a table: FILE.csv, .tsv, .json
 --files | save each job's output in a file and print the file's name
 --files0 | the same, with NUL behind each name
 -v --v | print each command on standard output, before its output
 --tmpdir FOLDER | where output waits that is too long for memory
 -t --verbose | print each command on stderr first
 --bar | a progress bar on a terminal
 --eta | an estimate of the time left, on a terminal
 --summary | always say at the end how many jobs failed
 --joblog FILE | write a row for each job that ended; +FILE: add them
 --resume | leave out jobs that --joblog FILE says have ended
 --resume-failed | as --resume, but run failed jobs again
 --retry-failed | run the failed commands of --joblog FILE again, nothing else
 --resume-by WHAT | know jobs by their 'number' (default) or their 'content':
    the inputs may change

Other:
 -e --eval CHUNK | run a chunk of Lua; words after it are its arguments
 -i --interactive | a Lua prompt
 -h --help | print this help
 -V --version | print the version
]]

-- What follows is not parsed.
local STOPS <const> = { eval = true }

-- A value, when there is one, is in the same word as the letter.
local OPTIONAL <const> = { ["max-lines"] = { letter = "l", default = "1" } }

-- Options of which something else must know whether there is one.
local FAMILIES <const> = { replace = "renames", extensionreplace = "renames",
  basenamereplace = "renames", dirnamereplace = "renames",
  basenameextensionreplace = "renames", seqreplace = "renames",
  slotreplace = "renames", resume = "resuming",
  ["resume-failed"] = "resuming", ["retry-failed"] = "resuming",
  ["resume-by"] = "resuming", results = "saving", files = "saving",
  files0 = "saving", v = "saving", delay = "gated", load = "gated",
  memfree = "gated", noswap = "gated", eof = "celled",
  ["max-lines"] = "celled", colsep = "celled", csv = "celled",
  trim = "celled" }

-- A line as a row: `name`, `names` (long ones), `letters`, `arg`, `many`,
-- `help`, and what the tables above say.
local function row_of(head, help)
  local row = { names = {}, letters = {}, help = help }
  for word in head:gmatch("%S+") do
    local long, letter = word:match("^%-%-(.+)$"), word:match("^%-(.)$")
    if long then
      row.names[#row.names + 1] = long
    elseif letter then
      row.letters[#row.letters + 1] = letter
    else
      row.arg, row.many = word:match("^(.-)(%.*)$")
      row.arg, row.many = row.arg:gsub("_", " "), row.many ~= ""
    end
  end
  row.name = row.names[1]
  row.stop, row.optional = STOPS[row.name], OPTIONAL[row.name]
  row.family = FAMILIES[row.name]
  return row
end

-- The row with this word before its help, or nil.
local function find(word)
  local at = 1
  while true do
    local first, last = TEXT:find(" " .. word .. " ", at, true)
    if not first then
      return nil
    end
    local line = TEXT:find("\n", last, true)
    local bar = TEXT:find(" | ", last - 1, true)
    local begin = TEXT:sub(1, first):match(".*\n()") or 1
    if bar and bar < line and TEXT:find("^ %-", begin) then
      return row_of(TEXT:sub(begin, bar))
    end
    at = last
  end
end

--- The option of a letter, or of a long name (as it is written), or nil.
function M.letter(letter)
  return find("-" .. letter)
end

function M.long(name)
  return find("--" .. name)
end

--- All rows; a heading is `{group =}`.
function M.rows()
  local rows = {}
  for line in TEXT:gmatch("[^\n]+") do
    local head, help = line:match("^ (%-.-) | (.*)$")
    if head then
      rows[#rows + 1] = row_of(head, help)
    elseif line:find("^   ") then
      local row = rows[#rows]
      row.help = row.help .. " " .. line:match("^%s*(.*)$")
    else
      rows[#rows + 1] = { group = line:match("^(.-):?$") }
    end
  end
  return rows
end

-- Pairs that contradict each other, and the way out.
M.conflicts = {
  { "ungroup", "results", "ungrouped output is not kept" },
  { "ungroup", "files", "ungrouped output is not kept" },
  { "ungroup", "tagstring", "ungrouped output cannot be tagged; " ..
    "use --line-buffer with --tagstring" },
  { "line-buffer", "results", "output that is shown as it comes is not kept" },
  { "line-buffer", "files", "output that is shown as it comes is not kept" },
  { "results", "files", "choose one" },
  { "tag", "tagstring", "choose one" },
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
  { "many", "context-replace", "choose one" },
  { "resume", "retry-failed", "choose one" },
  { "resume-failed", "retry-failed", "choose one" },
}

return M
