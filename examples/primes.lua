#!/usr/bin/env prun
-- Which of some 15-digit numbers are prime: one task each, and all at
-- once by map.
-- Usage: prun examples/primes.lua [NUMBER...]

local prun = require "prun"

local numbers = { 112272535095293, 112582705942171, 112272535095293,
  115280095190773, 115797848077099, 109972689928541 }
if arg[1] then
  numbers = {}
  for i, text in ipairs(arg) do
    numbers[i] = assert(math.tointeger(tonumber(text)), "not a number: " .. text)
  end
end

local function is_prime(n)
  if n < 4 then
    return n > 1
  elseif n % 2 == 0 then
    return false
  end
  for i = 3, math.floor(math.sqrt(n)), 2 do
    if n % i == 0 then
      return false
    end
  end
  return true
end

local pool <close> = prun.Pool()

-- One by one.
local submitted, by_submit = {}, {}
for i, n in ipairs(numbers) do
  submitted[i] = pool:apply_async(is_prime, { n })
end
for i, result in ipairs(submitted) do
  by_submit[i] = result:get()
end

-- All at once.
local by_map = pool:map(is_prime, numbers, 1)

for i, n in ipairs(numbers) do
  assert(by_submit[i] == by_map[i])
  print(string.format("%d %s", n, by_map[i] and "is prime" or "is not prime"))
end
