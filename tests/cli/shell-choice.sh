#!/bin/sh
# shell-choice: a command with nothing for a shell to do gives the same directly as
# through a shell; --shell and the variables choose which one.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

run 5 "$PRUN" 'echo $0 #' ::: 1
like "$(cat "$out")" "sh$" "\$SHELL is sh here"
if command -v bash >/dev/null 2>&1; then
	run 5 "$PRUN" --shell "$(command -v bash)" 'echo ${BASH_VERSION:+bash} #' ::: 1
	is "$(cat "$out")" bash "--shell"
	run 5 env SHELL="$(command -v bash)" "$PRUN" 'echo ${BASH_VERSION:+bash} #' ::: 1
	is "$(cat "$out")" bash "\$SHELL"
	run 5 env PRUN_SHELL="$(command -v bash)" "$PRUN" 'echo ${BASH_VERSION:+bash} #' ::: 1
	is "$(cat "$out")" bash "\$PRUN_SHELL"
else
	skip "bash" "no bash"
fi
run 5 env SHELL=/bin/false "$PRUN" 'echo sh #' ::: 1
is "$(cat "$out")" sh "a \$SHELL that is no such shell is not used"
run 5 env -u SHELL "$PRUN" 'echo sh #' ::: 1
is "$(cat "$out")" sh "no \$SHELL"
# Builtins and keywords stay the shell's.  Values are the commands here.
for word in 'cd /' 'exit 0' 'umask' 'ulimit -n' ': x' '{ true; }' '! false' 'echo "a\\tb"' 'test 1 = 1' \
	'true' 'pwd' '. /dev/null' 'x=1 true' 'exec true' 'false' 'kill -l TERM' 'echo -n x' 'printf %s x'; do
	sh -c "$word" >want 2>/dev/null
	expected=$?
	printf '%s\n' "$word" >in
	run 5 "$PRUN" <in
	is_file "$out" want "$word: output"
	is "$status" "$((expected != 0))" "$word: status"
done

done_testing
