/* Bytes kept until somebody takes them: in memory, past a bound on disk. */
#ifndef PRUN_SPOOL_H
#define PRUN_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "buf.h"

/*
 * A first-in first-out run of bytes. spool_init makes an empty one; spool_free
 * gives memory and file back and leaves an empty one that may be used again.
 * A spool may be moved by assignment (then spool_init the old place).
 */
struct spool {
	struct buf mem;
	int file;		/* -1: all in memory */
	off_t start, end;	/* what the file holds and was not consumed */
};

/*
 * Where files go and how many bytes a spool keeps in memory, and all spools
 * together. dir must live as long as the program does.
 */
void spool_configure(const char *dir, size_t one, size_t all);

void spool_init(struct spool *);
void spool_free(struct spool *);

/* Append. 0, or -1 with errno (a full disk) and nothing appended. */
int spool_append(struct spool *, const void *, size_t);

static inline size_t
spool_len(const struct spool *s)
{
	return s->mem.len + (size_t)(s->end - s->start);
}

/*
 * Show the next bytes without consuming them: *p points at up to n of them
 * (in memory of the spool, or copied to room, n bytes). Returns how many, 0 at
 * the end, -1 with errno.
 */
ssize_t spool_peek(struct spool *, char *room, size_t n, const char **p);

/* Drop n bytes from the front. */
void spool_consume(struct spool *, size_t n);

/* Read n bytes that begin off bytes after the front. Like read(2). */
ssize_t spool_read(struct spool *, void *, size_t n, size_t off);

#endif
