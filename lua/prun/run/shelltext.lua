-- A template's text for the shell: its pieces, each quoted for where it stands. Loaded when a shell, or somebody who
-- wants to see the command, needs it.

local templates = require "prun.run.template"

local M = {}

local find, match, format = string.find, string.match, string.format
local concat = table.concat
local NUL, nth, cut, tokens_of = templates.NUL, templates.nth, templates.cut, templates.tokens_of

-- prun.run.extended, where a template needs it.
local extended

--- Values as they are made into text: each one alone, or joined.
local function make_values(token, quoted)
  local each, ctx = token.spec.each, token.ctx
  local function one(value, seq, slot, args)
    if not each then
      return quoted(value)
    end
    local text, raw = each(value, seq, slot, args)
    if raw then
      return text
    end
    return quoted(text)
  end
  local separate = ctx.kind == "word" and not ctx.one
  return function(args, count, seq, slot)
    if count == 1 then
      return one(args[1], seq, slot, args)
    end
    local list = {}
    for i = 1, count do
      local text, message
      if separate then
        text, message = one(args[i], seq, slot, args)
      else
        text = each and each(args[i], seq, slot, args) or args[i]
      end
      if not text then
        return nil, message
      end
      list[i] = text
    end
    local text = concat(list, " ")
    if separate then
      return text
    end
    return quoted(text)
  end, one
end

local make_text

--- The function that gives the text of one token: value(args, count, seq, slot) -> text | nil, message.
function make_text(token)
  if token.compound then
    return extended.compound(token.compound, make_text)
  end
  local spec, ctx = token.spec, token.ctx
  local quoted = require("prun.run.quote").for_context(ctx)
  local single, index = spec.single, spec.index
  if single then
    return function(_, _, seq, slot)
      return quoted(single(seq, slot))
    end
  end
  local values, one = make_values(token, quoted)
  if index then
    local absent = ctx.kind == "word" and "" or nil
    return function(args, count, seq, slot)
      local value = nth(args, count, index)
      if value == nil then
        return absent or quoted("")
      end
      return one(value, seq, slot, args)
    end
  end
  return values
end

--- The text for the shell: generated source that fills the gaps of one list and joins it.
local function compile_shell(pieces)
  local env = { concat = concat, find = find, NUL = NUL, list = {} }
  local source = { "return function(_, args, seq, slot)\nlocal count = args.n or #args\nlocal text, message\n" }
  for i, piece in ipairs(pieces) do
    if type(piece) == "string" then
      env.list[i] = piece
    else
      env["text" .. i] = make_text(piece)
      source[#source + 1] = format("text, message = text%d(args, count, seq, slot)\n", i)
        .. format("if not text then return nil, message end\nlist[%d] = text\n", i)
    end
  end
  source[#source + 1] = "text = concat(list)\nif find(text, '\\0', 1, true) then return nil, NUL end\nreturn text\nend"
  return assert(load(concat(source), "=template", "t", env))()
end

--- -q: every word is one argument.
local function quoted_words(list, matcher)
  local pieces, split, found = {}, {}, false
  for i, text in ipairs(list) do
    local word = cut(text, matcher)
    found = found or tokens_of(word)
    split[i] = #word > 0 and word or { "" }
    pieces[#pieces + 1] = i > 1 and " " or nil
    for _, piece in ipairs(split[i]) do
      if type(piece) == "string" then
        pieces[#pieces + 1] = require("prun.run.quote").quote(piece)
      else
        pieces[#pieces + 1] = { spec = piece.spec, ctx = { kind = "word", force = #word > 1, reserved = i == 1 } }
      end
    end
  end
  return pieces, split, found
end

--- A template whose words are kept as they are (see prun.run.template).
function M.quoted_template(list, matcher, opts, more)
  extended = more
  local pieces, split, found = quoted_words(list, matcher)
  if not found then
    list = table.move(list, 1, #list, 1, { [#list + 1] = "{}" })
    pieces, split = quoted_words(list, matcher)
  end
  local _, uses_values = tokens_of(pieces)
  local wants = extended and extended.demands(pieces)
  local t = templates.new(uses_values, not (wants and wants.raw) and split, opts)
  t.shell = compile_shell(opts.context and extended.take_context(pieces) or pieces)
  return wants and extended.meet(t, wants) or t
end

local KNOW_ANSI = { bash = true, zsh = true, ksh = true, ksh93 = true, mksh = true, ash = true }

--- t:shell for a command text, or nil and a message.
function M.of_command(command, matcher, opts, more)
  extended = more
  local pieces, message = require("prun.run.words").scan(command, matcher,
    KNOW_ANSI[match(opts.shell or "", "[^/]*$")])
  if not pieces then
    return nil, message
  end
  return compile_shell(opts.context and extended.take_context(pieces) or pieces)
end

return M
