/* buf.c owns the growing of byte buffers. */
#include "buf.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_MIN = 256 };

char *
buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : BUF_MIN;
	char *p;

	if (b->cap - b->off - b->len >= n && b->base != NULL)
		return b->base + b->off + b->len;
	if (n > SIZE_MAX / 2 - b->len) {
		errno = ENOMEM;
		return NULL;
	}
	/* Moving down is worth it only when it frees at least half. */
	if (b->off >= b->cap / 2 && b->cap - b->len >= n && b->base != NULL) {
		memmove(b->base, b->base + b->off, b->len);
		b->off = 0;
		return b->base + b->len;
	}
	while (cap < b->len + n)
		cap *= 2;
	if ((p = malloc(cap)) == NULL)
		return NULL;
	if (b->len != 0)
		memcpy(p, b->base + b->off, b->len);
	free(b->base);
	b->base = p;
	b->off = 0;
	b->cap = cap;
	return p + b->len;
}

void
buf_added(struct buf *b, size_t n)
{
	b->len += n;
}

int
buf_append(struct buf *b, const void *data, size_t n)
{
	char *p;

	if (n == 0)
		return 0;
	if ((p = buf_reserve(b, n)) == NULL)
		return -1;
	memcpy(p, data, n);
	b->len += n;
	return 0;
}

void
buf_consume(struct buf *b, size_t n)
{
	b->off += n;
	b->len -= n;
	if (b->len == 0)
		b->off = 0;
}

void
buf_reset(struct buf *b, size_t keep)
{
	b->off = b->len = 0;
	if (b->cap > keep)
		buf_free(b);
}

void
buf_free(struct buf *b)
{
	free(b->base);
	*b = (struct buf){ 0 };
}
