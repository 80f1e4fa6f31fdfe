/* The Lua files that are part of the program; the table is made by the build. */
#ifndef PRUN_EMBED_H
#define PRUN_EMBED_H

#include <stddef.h>

/* name: what require takes; chunk: "@" and the file's path. Ends with NULL. */
struct embed_file {
	const char *name, *chunk;
	const unsigned char *bytes;
	size_t len;
};

extern const struct embed_file embed_files[];

#endif
