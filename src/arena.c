/* arena.c owns the free blocks of an area, a list for each power of two. */
#include "config.h"

#include "arena.h"

#include <errno.h>
#include <stdlib.h>

enum {
	ARENA_SMALLEST = 6,		/* 64 bytes, a cache line */
	ARENA_FIRST = 1 << 16
};

/* A free block larger than this keeps its place but not its memory. */
#define ARENA_KEEP ((size_t)4 << 20)

int
arena_open(struct arena *a, int fd, size_t offset)
{
	return area_map(&a->area, fd, offset, ARENA_FIRST);
}

void
arena_close(struct arena *a)
{
	struct arena_block *b;

	while ((b = a->all) != NULL) {
		a->all = b->older;
		free(b);
	}
	area_unmap(&a->area);
}

static unsigned
arena_class(size_t len)
{
	unsigned class = ARENA_SMALLEST;

	while (class < ARENA_CLASSES && ((size_t)1 << class) < len)
		class++;
	return class;
}

/* A block that was never used before, at the end. */
static struct arena_block *
arena_extend(struct arena *a, unsigned class)
{
	struct arena_block *b;

	if (area_reach(&a->area, a->used + ((size_t)1 << class)) == -1 ||
	    (b = malloc(sizeof *b)) == NULL)
		return NULL;
	b->offset = a->used;
	b->class = class;
	b->older = a->all;
	a->all = b;
	a->used += (size_t)1 << class;
	return b;
}

struct arena_block *
arena_take(struct arena *a, size_t len)
{
	unsigned class = arena_class(len);
	struct arena_block *b;

	if (class >= ARENA_CLASSES) {
		errno = ENOMEM;
		return NULL;
	}
	if ((b = a->free[class]) != NULL)
		a->free[class] = b->next;
	else if ((b = arena_extend(a, class)) == NULL)
		return NULL;
	b->len = len;
	b->users = 1;
	b->next = NULL;
	a->busy += len;
	return b;
}

void
arena_drop(struct arena *a, struct arena_block *b)
{
	if (b == NULL || --b->users > 0)
		return;
	a->busy -= b->len;
	if (b->len > ARENA_KEEP)
		area_discard(&a->area, b->offset, b->len);
	b->next = a->free[b->class];
	a->free[b->class] = b;
}
