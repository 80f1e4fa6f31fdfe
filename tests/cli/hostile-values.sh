#!/bin/sh
# hostile-values: 67 hostile values arrive exactly: appended, in {}, inside the user's
# own quotes, executed directly and through the shell; nothing in them runs.
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

{
	# shellcheck disable=SC1003 # a value that is a backslash
	printf '%s\0' 'a b' ' lead' 'trail ' '  ' "it's" "''" "'" '"' '""' 'say "hi"' '\' '\\' 'a\' '\n' \
		'$(touch pwned)' '`touch pwned`' '$HOME' '${HOME}' '$' '$$' '$((1+1))' '; touch pwned' \
		'| touch pwned' '|| touch pwned' '& touch pwned' '&& touch pwned' '> pwned' '>>pwned' '<pwned' \
		'"; touch pwned; "' "'; touch pwned; '" '"$(touch pwned)"' "'\$(touch pwned)'" '*' '?' '[a-z]*' \
		'~' '~root' '{}' '{1}' '{#}' '{a,b}' '{= it =}' '{/}' '-' '--' '-n' '-e x' '--help' '#' '# x' '!' '!!' \
		'%s %d' '%' '=' 'a=b' ':::' '(' ')' ''
	printf 'two\nlines\0\nlines\n\0tab\tbed\0caf\303\251\0\377\376bad\0\001\033[31m\r\0'
} >values
is "$(tr -cd '\0' <values | wc -c)" 67 "67 values"

xargs -0 -n1 "$HELPER" argv <values >want
xargs -0 -I% "$HELPER" argv 'pre%post' <values >want.inside

exact() {
	name=$1
	expected=$2
	shift 2
	run 20 "$PRUN" -0 -k -j2 "$@" <values
	is "$ended" "exit 0" "$name: ends well"
	is_file "$out" "$expected" "$name: exact"
	ok "$name: nothing ran" test ! -e pwned
	rm -f pwned
}

exact "appended, direct" want "$HELPER" argv
exact "{}, direct" want "$HELPER" argv '{}'
exact "within a word, direct" want.inside "$HELPER" argv 'pre{}post'
exact "appended, shell" want '"$HELPER" argv'
exact "{}, shell" want '"$HELPER" argv {}'
exact "{1}, shell" want 'true; "$HELPER" argv {1}'
exact "within a word, shell" want.inside 'true; "$HELPER" argv pre{}post'
exact "double quotes" want '"$HELPER" argv "{}"'
exact "single quotes" want '"$HELPER" argv '"'{}'"
exact "within double quotes" want.inside '"$HELPER" argv "pre{}post"'
exact "within single quotes" want.inside '"$HELPER" argv '"'pre{}post'"
exact "in a substitution in quotes" want.inside 'x="$(printf %s. "pre{}post")"; "$HELPER" argv "${x%.}"'
exact "in a substitution" want.inside 'x=$(printf %s. pre{}post); "$HELPER" argv "${x%.}"'

done_testing
