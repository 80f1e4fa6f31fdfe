#!/bin/sh
# script-shebang: a file whose first line is #! with prun in it is a script: run by
# the kernel, and as prun's operand.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

mkdir bin
ln -s "$PRUN" bin/prun
PATH=$T/bin:$PATH
cat >tool <<'END'
#!/usr/bin/env prun
print(arg[0], ...)
END
chmod 755 tool
run 5 ./tool a -k 'b c'
is "$ended:$(cat "$out")" "exit 0:./tool	a	-k	b c" "run by the kernel"
run 5 "$PRUN" ./tool a
is "$ended:$(cat "$out")" "exit 0:./tool	a" "as an operand"
printf '#!%s/bin/prun\nprint("absolute", ...)\n' "$T" >tool2
chmod 755 tool2
run 5 ./tool2 x
is "$ended:$(cat "$out")" "exit 0:absolute	x" "#! with the path"
printf '#!/bin/sh\necho "shell $1"\n' >other
chmod 755 other
run 5 prun ./other ::: x
is "$ended:$(cat "$out")" "exit 0:shell x" "another #! is a command"

done_testing
