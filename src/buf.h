/* A growing run of bytes, appended at its end and consumed from its front. */
#ifndef PRUN_BUF_H
#define PRUN_BUF_H

#include <stddef.h>

/*
 * All zero is an empty buffer. The bytes are base[off .. off+len); they stay
 * where they are until the next call that appends or reserves. buf_free gives
 * the memory back and leaves an empty buffer that may be used again.
 */
struct buf {
	char *base;
	size_t off, len, cap;
};

static inline char *
buf_bytes(const struct buf *b)
{
	return b->base + b->off;
}

/*
 * Make room for n more bytes and return where they go (then call buf_added);
 * NULL with errno ENOMEM when there is no memory, the buffer unchanged.
 */
char *buf_reserve(struct buf *, size_t n);

/* Count n bytes, written where buf_reserve pointed, as part of the buffer. */
void buf_added(struct buf *, size_t n);

/* Append n bytes. 0, or -1 with errno ENOMEM and nothing appended. */
int buf_append(struct buf *, const void *, size_t n);

/* Drop n bytes (at most len) from the front. */
void buf_consume(struct buf *, size_t n);

/* Forget the bytes; keep the memory unless it is more than keep bytes. */
void buf_reset(struct buf *, size_t keep);

void buf_free(struct buf *);

#endif
