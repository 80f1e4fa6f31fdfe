/* record.c owns where one record ends and the next begins. */
#include "config.h"

#include "record.h"

#include <errno.h>
#include <string.h>

#include "fd.h"

enum {
	RECORD_BLOCK = 65536,
	RECORD_HEAD = 256,	/* bytes shown of a record that is too long */
};

void
record_open(struct record_reader *r, int fd, const char *separator,
    size_t separator_len, size_t max)
{
	*r = (struct record_reader){ .fd = fd, .separator = separator,
	    .separator_len = separator_len, .max = max };
}

void
record_close(struct record_reader *r)
{
	buf_free(&r->buf);
}

/* Where the next separator begins in the buffer; NULL when not there yet. */
static const char *
record_separator(struct record_reader *r)
{
	size_t n = r->separator_len, from = r->scanned;
	const char *p;

	if (r->buf.len < n)
		return NULL;
	p = n == 1 ?
	    memchr(buf_bytes(&r->buf) + from, *r->separator,
	    r->buf.len - from) :
	    memmem(buf_bytes(&r->buf) + from, r->buf.len - from,
	    r->separator, n);
	if (p == NULL)
		r->scanned = r->buf.len - n + 1;
	return p;
}

/* Take the record of len bytes and the separator behind it off the buffer. */
static enum record_result
record_take(struct record_reader *r, struct record *rec, size_t len,
    size_t separator_len)
{
	rec->bytes = buf_bytes(&r->buf);
	rec->whole = rec->len = len;
	if (r->skipped > 0)
		rec->whole += r->skipped - RECORD_HEAD;
	/* The bytes stay where they are until the next call appends. */
	buf_consume(&r->buf, len + separator_len);
	r->scanned = 0;
	r->skipped = 0;
	r->count++;
	if (r->max == 0 || rec->whole <= r->max)
		return RECORD_GOT;
	if (rec->len > RECORD_HEAD)
		rec->len = RECORD_HEAD;
	return RECORD_LONG;
}

/* Drop what of a too long record is known to be inside it, but its head. */
static void
record_skip(struct record_reader *r)
{
	size_t drop;

	if (r->max == 0 || r->scanned <= r->max + RECORD_HEAD)
		return;
	if (r->skipped == 0)
		r->skipped = RECORD_HEAD;
	drop = r->scanned - RECORD_HEAD;
	memmove(buf_bytes(&r->buf) + RECORD_HEAD,
	    buf_bytes(&r->buf) + r->scanned, r->buf.len - r->scanned);
	r->buf.len -= drop;
	r->skipped += drop;
	r->scanned = RECORD_HEAD;
}

/* Read a block. 1: bytes came, 0: end, -1: errno, EAGAIN when none now. */
static int
record_fill(struct record_reader *r)
{
	char *p = buf_reserve(&r->buf, RECORD_BLOCK);
	ssize_t n;

	if (p == NULL)
		return -1;
	if (!fd_readable(r->fd)) {
		errno = EAGAIN;
		return -1;
	}
	if ((n = fd_read(r->fd, p, RECORD_BLOCK)) <= 0)
		return (int)n;
	buf_added(&r->buf, (size_t)n);
	return 1;
}

enum record_result
record_next(struct record_reader *r, struct record *rec)
{
	const char *end;

	for (;;) {
		if ((end = record_separator(r)) != NULL)
			return record_take(r, rec,
			    (size_t)(end - buf_bytes(&r->buf)),
			    r->separator_len);
		if (r->end)
			break;
		record_skip(r);
		switch (record_fill(r)) {
		case 0:
			r->end = true;
			break;
		case -1:
			return errno == EAGAIN || errno == EWOULDBLOCK ?
			    RECORD_WAIT : RECORD_ERROR;
		}
	}
	if (r->buf.len == 0 && r->skipped == 0)
		return RECORD_END;
	return record_take(r, rec, r->buf.len, 0);
}
