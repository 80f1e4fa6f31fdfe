/* Blocks of a growing area: who uses which bytes is known to one process. */
#ifndef PRUN_ARENA_H
#define PRUN_ARENA_H

#include <stddef.h>

#include "area.h"

enum { ARENA_CLASSES = 48 };

/*
 * A block is so many bytes of the area at an offset; it is counted by its
 * users, and its bytes are given out again when the last one drops it.
 */
struct arena_block {
	size_t offset, len;
	unsigned users;
	unsigned class;
	struct arena_block *next;	/* in a list of free ones */
	struct arena_block *older;	/* of all there are */
};

struct arena {
	struct area area;
	size_t used;			/* bytes ever given out */
	size_t busy;			/* bytes in blocks with users */
	struct arena_block *free[ARENA_CLASSES];
	struct arena_block *all;
};

/* 0, or -1 with errno; the file's bytes from offset on become the arena. */
int arena_open(struct arena *, int fd, size_t offset);

/* Its blocks are gone with it, those in use too. */
void arena_close(struct arena *);

/* A block of len bytes with one user; NULL with errno. May move area.base. */
struct arena_block *arena_take(struct arena *, size_t len);

/* One user less. */
void arena_drop(struct arena *, struct arena_block *);

static inline char *
arena_bytes(const struct arena *a, const struct arena_block *b)
{
	return a->area.base + b->offset;
}

#endif
