/* block.c owns where one block of records ends and the next begins. */
#include "config.h"

#include "block.h"

#include <errno.h>
#include <string.h>

#include "fd.h"

enum { BLOCK_READ = 1 << 16 };

void
block_open(struct block_reader *r, int fd, size_t size)
{
	*r = (struct block_reader){ .fd = fd, .size = size, .want = size,
	    .separator = "\n", .separator_len = 1, .end_len = 1 };
}

void
block_close(struct block_reader *r)
{
	buf_free(&r->buf);
}

/* Read until there is as much as is wanted, or the end. 0, or -1 with errno. */
static int
block_fill(struct block_reader *r)
{
	size_t room;
	ssize_t n;
	char *p;

	while (r->buf.len < r->want && !r->end) {
		room = r->want - r->buf.len;
		if (room < BLOCK_READ)
			room = BLOCK_READ;
		if ((p = buf_reserve(&r->buf, room)) == NULL)
			return -1;
		if (!fd_readable(r->fd)) {
			errno = EAGAIN;
			return -1;
		}
		if ((n = fd_read(r->fd, p, room)) == -1)
			return -1;
		if (n == 0)
			r->end = true;
		else
			buf_added(&r->buf, (size_t)n);
	}
	return 0;
}

/* The last boundary among the first len bytes; 0: there is none. */
static size_t
block_last(const struct block_reader *r, size_t len)
{
	const char *base = buf_bytes(&r->buf), *p;

	if (len < r->separator_len)
		return 0;
	len -= r->separator_len - 1;
	while ((p = memrchr(base, *r->separator, len)) != NULL) {
		if (memcmp(p, r->separator, r->separator_len) == 0 &&
		    (size_t)(p - base) + r->end_len > 0)
			return (size_t)(p - base) + r->end_len;
		len = (size_t)(p - base);
	}
	return 0;
}

/* The boundary behind so many records; 0: there are fewer. */
static size_t
block_counted(struct block_reader *r)
{
	const char *base = buf_bytes(&r->buf), *p;
	size_t at;

	while (r->scanned < r->buf.len) {
		p = memmem(base + r->scanned, r->buf.len - r->scanned,
		    r->separator, r->separator_len);
		if (p == NULL) {
			if (r->buf.len >= r->separator_len &&
			    r->scanned < r->buf.len - r->separator_len + 1)
				r->scanned = r->buf.len - r->separator_len + 1;
			return 0;
		}
		at = (size_t)(p - base) + r->end_len;
		r->scanned = (size_t)(p - base) + (r->end_len > 0 ?
		    r->end_len : 1);
		/* A start at the very beginning ends nothing. */
		if (at > 0 && ++r->found == r->records)
			return at;
	}
	return 0;
}

/* The last boundary among the first len bytes behind a multiple of r->unit. */
static size_t
block_last_unit(const struct block_reader *r, size_t len)
{
	const char *base = buf_bytes(&r->buf), *p = base;
	size_t n = 0, at, last = 0;

	while ((p = memmem(p, len - (size_t)(p - base), r->separator,
	    r->separator_len)) != NULL) {
		at = (size_t)(p - base) + r->end_len;
		p += r->end_len > 0 ? r->end_len : 1;
		if (at > 0 && ++n % r->unit == 0)
			last = at;
	}
	return last;
}

/* The first boundary behind r->size bytes; 0: there is none. */
static size_t
block_first(const struct block_reader *r)
{
	const char *base = buf_bytes(&r->buf), *p;
	size_t from = r->size > r->end_len ? r->size - r->end_len : 0;

	if (from >= r->buf.len)
		return 0;
	p = memmem(base + from, r->buf.len - from, r->separator,
	    r->separator_len);
	return p == NULL ? 0 : (size_t)(p - base) + r->end_len;
}

static size_t
block_fitting(const struct block_reader *r, size_t len)
{
	return r->unit > 1 ? block_last_unit(r, len) : block_last(r, len);
}

enum record_result
block_next(struct block_reader *r, struct record *block)
{
	size_t cut;

	buf_consume(&r->buf, r->given);
	r->given = 0;
	for (;;) {
		if (block_fill(r) == -1)
			return errno == EAGAIN ? RECORD_WAIT : RECORD_ERROR;
		if (r->buf.len == 0)
			return RECORD_END;
		if (r->records > 0)
			cut = block_counted(r);
		else if (r->after)
			cut = block_first(r);
		else if (r->buf.len > r->want)
			cut = block_fitting(r, r->want);
		else
			cut = r->end && r->unit <= 1 ? r->buf.len :
			    block_fitting(r, r->buf.len);
		if (cut == 0 && r->end && (r->records > 0 ||
		    r->buf.len <= r->want))
			cut = r->buf.len;
		if (cut > 0)
			break;
		r->want += r->size;
	}
	block->bytes = buf_bytes(&r->buf);
	block->len = block->whole = cut;
	r->given = cut;
	r->scanned = r->found = 0;
	r->want = r->size;
	return RECORD_GOT;
}
