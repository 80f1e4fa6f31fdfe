-- Several values a job: so many (-n), or as many as the command takes (-X, -m),
-- never more than -s allows.

-- The kernel takes no longer single argument, and a shell's text is one.
local LONGEST <const> = 131071

-- Values that stand for others, to see what those add.
local SAMPLE <const> = "a"

--- Puts the methods into the class.
return function(Source)

-- Bytes that a list of values adds to a command line.
local function plain_size(list)
  local bytes = 0
  for i = 1, list.n do
    bytes = bytes + #list[i] + 1
  end
  return bytes
end

--- Commands get no longer than this.
-- @param template see prun.run.template
-- @param opts table: `max_chars` (integer: -s), `exit` (boolean: one that is
--   longer ends the run, -x), `slots` (integer: values are shared out evenly
--   among so many jobs at the end of the input)
function Source:limit(template, opts)
  self.slots, self.exact = opts.slots, opts.max_chars ~= nil
  self.longest = opts.max_chars and opts.max_chars - 1 or LONGEST
  self.exit = opts.exit
  if template.direct and not opts.max_chars then
    self.base, self.size = 0, plain_size
    return
  end
  -- What the text for the shell grows by, as it would be quoted.
  local function text_size(...)
    local args = table.pack(...)
    local text, err = template:shell(args, 1, 1)
    return text and #text, err
  end
  local one = text_size(SAMPLE) or 0
  local per = (text_size(SAMPLE, SAMPLE) or one) - one
  self.base = one - per
  self.size = function(list)
    local bytes = 0
    for i = 1, list.n do
      bytes = bytes + (text_size(SAMPLE, list[i]) or one + #list[i]) - one
    end
    return bytes
  end
  self:arrange()
end

-- A value alone that makes the command longer than -s allows.
local function too_long(self, args)
  local bytes = self.base + self.size(args)
  if bytes <= self.longest then
    return nil
  end
  return self.exit and "error" or "bad", string.format("the command is too " ..
    "long: %d bytes, and -s allows %d: %s", bytes, self.longest,
    table.concat(args, " "):sub(1, 40))
end

-- -s with one value a job.
function Source:checked()
  local args, why, message = self:one()
  if args then
    why, message = too_long(self, args)
  end
  if why then
    return nil, why, message
  end
  return args
end

-- A group goes to its job; one with a value that cannot be used fails.
local function whole_group(args)
  if args.bad then
    return nil, "bad", args.bad
  end
  return args
end

-- The end of the input: what was gathered for one job goes to several, so that
-- all of them have something to do.
function Source:distribute(args)
  local share = -(-args.lists // self.slots)
  if not self.multi or self.slots == 1 or share == args.lists then
    return whole_group(args)
  end
  local at = 1
  for i = 1, args.lists, share do
    local part = { n = 0 }
    for k = i, math.min(i + share - 1, args.lists) do
      local n = args.sizes[k]
      table.move(args, at, at + n - 1, part.n + 1, part)
      part.n, at = part.n + n, at + n
    end
    self.ready[#self.ready + 1] = { part }
  end
  return self:next()
end

-- So many lists of values a job, or fewer where a command would get too long;
-- those taken so far are kept over a wait.
function Source:group()
  local args = self.partial or { n = 0, lists = 0, bytes = self.base,
    sizes = {} }
  self.partial = nil
  while args.lists < self.max_args or self.multi and not self.counted do
    local more, why, message = self.carry, nil, nil
    self.carry = nil
    if not more then
      more, why, message = self:one()
      if more and self.exact then
        why, message = too_long(self, more)
        more = not why and more or nil
      end
    end
    if not more and why == "bad" and (self.multi or self.exact) then
      self.partial = args
      return nil, why, message
    elseif not more and why == "bad" then
      -- Its place in the group stays its own.
      args.bad = args.bad or message
      more = { n = 0 }
    elseif not more then
      if why == "end" and args.lists > 0 then
        return self:distribute(args)
      end
      self.partial = args
      return nil, why, message
    end
    local bytes = self.size(more)
    if args.bytes + bytes > self.longest and args.lists > 0 then
      self.carry = more
      return whole_group(args)
    end
    args.bytes = args.bytes + bytes
    table.move(more, 1, more.n, args.n + 1, args)
    args.n = args.n + more.n
    args.lists = args.lists + 1
    args.sizes[args.lists] = more.n
  end
  return whole_group(args)
end

end
