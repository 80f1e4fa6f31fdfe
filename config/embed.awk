# Makes embed.c of lines "file lua/NAME.lua", each followed by the file's lines
# with a "|" before them. The module of lua/prun/run/halt.lua is prun.run.halt,
# of lua/prun/init.lua prun. Comment lines become empty ones and indentation
# goes (outside long strings): it is read at each start, and line numbers stay.

BEGIN {
	for (i = 0; i < 256; i++)
		code[sprintf("%c", i)] = i
	print "/* Made by config/embed.awk; the sources are the Lua files. */"
	print "#include \"embed.h\"\n"
}

/^file / {
	if (n > 0)
		print "};\n"
	path[++n] = $2
	inside = 0
	printf "static const unsigned char file%d[] = {\n", n
	next
}

{
	line = substr($0, 2)
	if (!inside) {
		sub(/^[ \t]+/, "", line)
		if (line ~ /^--/ && line !~ /^--\[=*\[/)
			line = ""
	}
	if (!inside && line ~ /\[=*\[[^\]]*$/ && line !~ /"[^"]*\[=*\[[^"]*"/)
		inside = 1
	else if (inside && line ~ /\]=*\]/)
		inside = 0
	out = ""
	for (i = 1; i <= length(line); i++)
		out = out code[substr(line, i, 1)] ","
	print out "10,"
	size[n] += length(line) + 1
}

END {
	print "};\n\nconst struct embed_file embed_files[] = {"
	for (i = 1; i <= n; i++) {
		name = path[i]
		sub(/^lua\//, "", name)
		sub(/\.lua$/, "", name)
		sub(/\/init$/, "", name)
		gsub(/\//, ".", name)
		printf "\t{ \"%s\", \"@%s\", file%d, %d },\n", name, path[i], i, size[i]
	}
	print "\t{ 0, 0, 0, 0 }\n};"
}
