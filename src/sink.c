/* sink.c owns the order and the patience of output. */
#include "config.h"

#include "sink.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"

/* To the line's begin, and clear it. */
#define SINK_ERASE "\r\033[K"

enum { SINK_BLOCK = 65536, SINK_PAGE = 4096 };

/* A run of waiting bytes for one way. */
struct piece {
	struct list link;
	enum sink_way way;
	struct spool bytes;
};

static enum sink_mode
sink_mode_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return SINK_PLAIN;
	if (S_ISSOCK(st.st_mode))
		return SINK_SOCKET;
	if (S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && isatty(fd)))
		return SINK_CAUTIOUS;
	return SINK_PLAIN;
}

static void
sink_end_open(struct sink_end *e, int fd)
{
	*e = (struct sink_end){ .fd = fd, .shared = fd };
	e->mode = sink_mode_of(fd);
	e->terminal = isatty(fd);
	if (e->mode == SINK_CAUTIOUS && (e->fd = fd_reopen_nonblock(fd)) != -1)
		e->mode = SINK_OWN;
	else
		e->fd = fd;
}

static bool
sink_same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static void sink_writable(struct loop_watch *, unsigned);

void
sink_open(struct sink *s, struct loop *loop, int out, int err)
{
	struct sink_end *o = &s->ends[SINK_OUT], *e = &s->ends[SINK_ERR];

	*s = (struct sink){ .loop = loop, .watch = { .fn = sink_writable } };
	list_init(&s->queue);
	sink_end_open(o, out);
	/* One terminal or pipe behind both: one descriptor serves both. */
	if (o->mode == SINK_OWN && sink_same_file(out, err)) {
		*e = *o;
		e->shared = err;
	} else
		sink_end_open(e, err);
}

static void
sink_drop_queue(struct sink *s)
{
	struct list *l;
	struct piece *p;

	while ((l = list_shift(&s->queue)) != NULL) {
		p = list_entry(l, struct piece, link);
		spool_free(&p->bytes);
		free(p);
	}
	s->queued = 0;
}

void
sink_close(struct sink *s)
{
	struct sink_end *o = &s->ends[SINK_OUT], *e = &s->ends[SINK_ERR];

	loop_unwatch(s->loop, &s->watch);
	sink_drop_queue(s);
	if (e->mode == SINK_OWN && e->fd != o->fd)
		fd_close(&e->fd);
	if (o->mode == SINK_OWN)
		fd_close(&o->fd);
}

/* One write that does not block. -1 with EAGAIN when it would. */
static ssize_t
sink_put(struct sink_end *e, const char *p, size_t n)
{
	struct pollfd pfd = { .fd = e->fd, .events = POLLOUT };
	ssize_t r;

	switch (e->mode) {
	case SINK_SOCKET:
		do
			r = send(e->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		while (r == -1 && errno == EINTR);
		return r;
	case SINK_CAUTIOUS:
		if (poll(&pfd, 1, 0) == 0) {
			errno = EAGAIN;
			return -1;
		}
		return fd_write(e->fd, p, n < SINK_PAGE ? n : SINK_PAGE);
	default:
		return fd_write(e->fd, p, n);
	}
}

/*
 * Write as much as goes now. Returns how many bytes are dealt with (all of
 * them after an error: they are lost, and error says so).
 */
static size_t
sink_put_some(struct sink_end *e, const char *p, size_t n)
{
	size_t done = 0;
	ssize_t r;

	while (e->error == 0 && done < n) {
		r = sink_put(e, p + done, n - done);
		if (r == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (r == -1)
			e->error = errno;
		else
			done += (size_t)r;
	}
	if (done > 0)
		e->partial = p[done - 1] != '\n';
	return e->error ? n : done;
}

/* The last piece, when it goes the same way; else a new one. */
static struct piece *
sink_tail(struct sink *s, enum sink_way way)
{
	struct piece *p;

	if (!list_empty(&s->queue)) {
		p = list_entry(s->queue.prev, struct piece, link);
		if (p->way == way)
			return p;
	}
	if ((p = calloc(1, sizeof *p)) == NULL)
		return NULL;
	p->way = way;
	spool_init(&p->bytes);
	list_append(&s->queue, &p->link);
	return p;
}

static int
sink_keep(struct sink *s, enum sink_way way, const char *data, size_t n)
{
	struct piece *p = sink_tail(s, way);

	if (p == NULL || spool_append(&p->bytes, data, n) == -1) {
		if (s->ends[way].error == 0)
			s->ends[way].error = errno;
		return -1;
	}
	s->queued += n;
	return loop_watch(s->loop, &s->watch,
	    s->ends[list_entry(s->queue.next, struct piece, link)->way].fd,
	    LOOP_WRITE);
}

static int
sink_report(struct sink *s, enum sink_way way, int before)
{
	if (s->ends[way].error == before)
		return 0;
	if (s->on_change != NULL)
		s->on_change(s);
	errno = s->ends[way].error;
	return -1;
}

/* Write text that is no output: whether a line is unfinished stays as it was. */
static void
sink_draw(struct sink *s, const char *text, size_t len)
{
	struct sink_end *e = &s->ends[SINK_ERR];
	bool partial = e->partial;

	sink_put_some(e, text, len);
	e->partial = partial;
}

void
sink_status(struct sink *s, const char *text, size_t len)
{
	const struct sink_end *out = &s->ends[SINK_OUT];

	if (!list_empty(&s->queue) || s->ends[SINK_ERR].partial ||
	    (out->terminal && out->partial))
		return;
	if (s->status || len > 0)
		sink_draw(s, SINK_ERASE, sizeof SINK_ERASE - 1);
	sink_draw(s, text, len);
	s->status = len > 0;
}

int
sink_write(struct sink *s, enum sink_way way, const void *data, size_t n)
{
	struct sink_end *e = &s->ends[way];
	int before = e->error;
	size_t done = 0;

	if (s->status && n > 0)
		sink_status(s, "", 0);
	if (list_empty(&s->queue) || e->error)
		done = sink_put_some(e, data, n);
	if (done < n)
		sink_keep(s, way, (const char *)data + done, n - done);
	return sink_report(s, way, before);
}

/* Copy a block into out, with the prefix before each line that begins. */
static int
sink_prefixed(struct buf *out, const char *p, size_t n,
    struct sink_prefix *prefix)
{
	const char *nl;
	size_t len;

	for (; n > 0; p += len, n -= len) {
		nl = memchr(p, '\n', n);
		len = nl ? (size_t)(nl - p) + 1 : n;
		if (!prefix->inside &&
		    buf_append(out, prefix->text, prefix->len) == -1)
			return -1;
		if (buf_append(out, p, len) == -1)
			return -1;
		prefix->inside = nl == NULL;
	}
	return 0;
}

int
sink_lines(struct sink *s, enum sink_way way, const void *p, size_t n,
    struct sink_prefix *prefix)
{
	struct buf out = { 0 };
	int r;

	if (prefix->text == NULL)
		return sink_write(s, way, p, n);
	if ((r = sink_prefixed(&out, p, n, prefix)) == 0)
		r = sink_write(s, way, buf_bytes(&out), out.len);
	else if (s->ends[way].error == 0)
		s->ends[way].error = errno;
	buf_free(&out);
	return r;
}

int
sink_spool(struct sink *s, enum sink_way way, struct spool *spool,
    struct sink_prefix *prefix)
{
	char room[SINK_BLOCK];
	const char *p;
	ssize_t n;
	int r = 0;

	while ((n = spool_peek(spool, room, sizeof room, &p)) > 0) {
		r = sink_lines(s, way, p, (size_t)n, prefix);
		spool_consume(spool, (size_t)n);
	}
	if (n == -1) {
		r = -1;
		if (s->ends[way].error == 0)
			s->ends[way].error = errno;
	}
	spool_free(spool);
	return r;
}

/* Write from one piece; false when its end takes no more now. */
static bool
sink_flush_piece(struct sink *s, struct piece *p)
{
	char room[SINK_BLOCK];
	const char *bytes;
	size_t done;
	ssize_t n;

	while ((n = spool_peek(&p->bytes, room, sizeof room, &bytes)) > 0) {
		done = sink_put_some(&s->ends[p->way], bytes, (size_t)n);
		spool_consume(&p->bytes, done);
		s->queued -= done;
		if (done < (size_t)n)
			return false;
	}
	if (n == -1) {
		s->ends[p->way].error = errno;
		s->queued -= spool_len(&p->bytes);
	}
	return true;
}

int
sink_flush(struct sink *s)
{
	struct piece *p;
	int error = s->ends[0].error | s->ends[1].error;

	while (!list_empty(&s->queue)) {
		p = list_entry(s->queue.next, struct piece, link);
		if (!sink_flush_piece(s, p))
			break;
		list_remove(&p->link);
		spool_free(&p->bytes);
		free(p);
	}
	loop_unwatch(s->loop, &s->watch);
	if (!list_empty(&s->queue)) {
		p = list_entry(s->queue.next, struct piece, link);
		loop_watch(s->loop, &s->watch, s->ends[p->way].fd, LOOP_WRITE);
	} else if (s->on_change != NULL)
		s->on_change(s);
	if ((s->ends[0].error | s->ends[1].error) == error)
		return 0;
	errno = s->ends[0].error ? s->ends[0].error : s->ends[1].error;
	return -1;
}

static void
sink_writable(struct loop_watch *w, unsigned events)
{
	(void)events;
	sink_flush(list_entry(w, struct sink, watch));
}
