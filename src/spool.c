/* spool.c owns the bound past which kept bytes go from memory to disk. */
#include "config.h"

#include "spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"

static struct {
	const char *dir;
	size_t one, all;	/* bounds, in bytes */
	size_t used;		/* by all spools, in memory */
} spools = { "/tmp", 1 << 20, 8 << 20, 0 };

void
spool_configure(const char *dir, size_t one, size_t all)
{
	spools.dir = dir;
	spools.one = one;
	spools.all = all;
}

void
spool_init(struct spool *s)
{
	*s = (struct spool){ .file = -1 };
}

void
spool_free(struct spool *s)
{
	spools.used -= s->mem.len;
	buf_free(&s->mem);
	fd_close(&s->file);
	s->start = s->end = 0;
}

static int
spool_write(struct spool *s, const char *p, size_t n)
{
	size_t done = 0;
	ssize_t r;

	while (done < n) {
		r = pwrite(s->file, p + done, n - done,
		    s->end + (off_t)done);
		if (r == -1 && errno != EINTR)
			return -1;
		if (r > 0)
			done += (size_t)r;
	}
	s->end += (off_t)n;
	return 0;
}

/* Move what is in memory to a file. */
static int
spool_spill(struct spool *s)
{
	if ((s->file = fd_temporary(spools.dir)) == -1)
		return -1;
	if (spool_write(s, buf_bytes(&s->mem), s->mem.len) == -1) {
		fd_close(&s->file);
		return -1;
	}
	spools.used -= s->mem.len;
	buf_free(&s->mem);
	return 0;
}

int
spool_append(struct spool *s, const void *p, size_t n)
{
	bool fits = s->mem.len + n <= spools.one &&
	    spools.used + n <= spools.all;

	if (n == 0)
		return 0;
	if (s->file == -1 && !fits && spool_spill(s) == -1)
		return -1;
	if (s->file != -1)
		return spool_write(s, p, n);
	if (buf_append(&s->mem, p, n) == -1)
		return -1;
	spools.used += n;
	return 0;
}

ssize_t
spool_peek(struct spool *s, char *room, size_t n, const char **p)
{
	ssize_t r;

	if (s->file == -1) {
		*p = buf_bytes(&s->mem);
		return (ssize_t)(s->mem.len < n ? s->mem.len : n);
	}
	if ((off_t)n > s->end - s->start)
		n = (size_t)(s->end - s->start);
	*p = room;
	do
		r = pread(s->file, room, n, s->start);
	while (r == -1 && errno == EINTR);
	return r;
}

void
spool_consume(struct spool *s, size_t n)
{
	if (s->file == -1) {
		spools.used -= n;
		buf_consume(&s->mem, n);
		return;
	}
	s->start += (off_t)n;
	if (s->start == s->end)
		spool_free(s);
}

ssize_t
spool_read(struct spool *s, void *room, size_t n, size_t off)
{
	if (off >= spool_len(s))
		return 0;
	if (s->file != -1) {
		if ((off_t)n > s->end - s->start - (off_t)off)
			n = (size_t)(s->end - s->start) - off;
		return pread(s->file, room, n, s->start + (off_t)off);
	}
	if (n > s->mem.len - off)
		n = s->mem.len - off;
	memcpy(room, buf_bytes(&s->mem) + off, n);
	return (ssize_t)n;
}
