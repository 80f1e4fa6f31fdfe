#!/usr/bin/env prun
-- fib(1) to fib(19) three ways side by side: apply, which waits for each;
-- apply_async with callbacks; map.
-- Usage: prun examples/fib.lua

local prun = require "prun"

local function fib(n)
  return n < 2 and n or fib(n - 1) + fib(n - 2)
end

local LAST <const> = 19
local pool <close> = prun.Pool(2)

local applied = {}
for n = 1, LAST do
  applied[n] = pool:apply(fib, { n })
end

local called, waiting = {}, {}
for n = 1, LAST do
  waiting[n] = pool:apply_async(fib, { n }, { callback = function(value)
    called[n] = value
  end })
end
for n = 1, LAST do
  waiting[n]:wait()
end

local numbers = {}
for n = 1, LAST do
  numbers[n] = n
end
local mapped = pool:map(fib, numbers)

print(" n   apply   async     map")
for n = 1, LAST do
  print(string.format("%2d %7d %7d %7d", n, applied[n], called[n], mapped[n]))
end
