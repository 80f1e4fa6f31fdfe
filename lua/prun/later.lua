-- Methods whose code is loaded when they are first called: the start-up of a
-- short run is mostly the compiling of code.

--- Adds methods to a class that load their code first.
-- @param class table
-- @param module string: what it returns is called with the class and puts the
--   real methods there
-- @param names string, the methods, separated by blanks
return function(class, module, names)
  for name in names:gmatch("%S+") do
    class[name] = function(...)
      require(module)(class)
      return class[name](...)
    end
  end
end
