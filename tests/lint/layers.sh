#!/bin/sh
# layers: the rings of src/LAYERS hold, and so do the rules of who may do what.
root=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=../tap.sh
. "$(dirname "$0")/../tap.sh"

cd "$root/src" || exit 1

ring_of() {
	awk -v name="$1" '/^[0-9]/ { for (i = 2; i <= NF; i++) if ($i == name) { print $1; exit } }' LAYERS
}

for file in *.c *.h compat/*.c compat/*.h; do
	name=${file%.*}
	ring=$(ring_of "$name")
	if [ -z "$ring" ]; then
		is "" "a ring" "$file is in LAYERS"
		continue
	fi
	bad=
	# shellcheck disable=SC2013 # names without spaces
	for header in $(sed -n 's/^#include "\(.*\)\.h"/\1/p' "$file"); do
		[ "$header" = config ] && continue
		other=$(ring_of "$header")
		[ "${other:-9}" -le "$ring" ] || bad="$bad $header"
	done
	is "$bad" "" "$file includes nothing of a higher ring"
done

# Files that hold the words of a pattern, but for those allowed.
only() {
	what=$1 pattern=$2
	shift 2
	found=$(grep -lE "$pattern" ./*.c | sed 's|^\./||; s|\.c$||' | sort | tr '\n' ' ')
	for allowed; do
		found=$(echo " $found" | sed "s/ $allowed / /")
	done
	is "$(echo "$found" | tr -d ' ')" "" "$what"
}

only "masks and dispositions: sig alone" '\b(sigprocmask|sigaction) ?\(' sig sig_selfpipe sig_signalfd
only "waiting: child, the keeper's tree, and a failed start" '\b(wait4|waitpid|waitid) ?\(' child tree keeper spawn
only "starting processes: spawn" '\b(v?fork|posix_spawn|execve|system|popen) ?\(' spawn
only "printing: the host" '\b(printf|puts|fputs|perror|fprintf) ?\(' host main repl worker forkserver
only "chunks are loaded with a mode" '\b(lua_load|luaL_loadbuffer|luaL_loadstring|luaL_dostring|luaL_dofile|luaL_loadfile) ?\(' none

cd "$root/lua/prun" || exit 1
is "$(grep -ln 'require.*prun\.cli' ./*.lua run/*.lua mp/*.lua)" "" "nothing but cli requires cli"
is "$(grep -lE '(^|[^:.a-z])print\(|io\.(write|stdout|stderr)|os\.(exit|getenv)|io\.read' ./*.lua run/*.lua mp/*.lua)" "" "nothing but cli prints, exits or reads the environment"
is "$(grep -nE '\b(load|loadfile)\(' ./*.lua run/*.lua mp/*.lua cli/*.lua | grep -v '"t"')" "" "Lua chunks are loaded as text"
is "$(find "$root/src" "$root/lua" "$root/tests" \( -name '*.[ch]' -o -name '*.lua' \) -exec awk 'END { if (NR > 600) print FILENAME ": " NR }' {} \; | grep -v helper.c)" "" "no file is longer than 600 lines"
done_testing
