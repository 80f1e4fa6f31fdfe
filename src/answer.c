/* answer.c owns the worker's way to the master: doorbell, records, output. */
#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_STDIO_EXT_H
#include <stdio_ext.h>
#endif

#include "fd.h"
#include "worker.h"
#include "worker_impl.h"

/* A ring with less room than this is worth a bell. */
enum { WORKER_HALF_FULL = RING_SIZE / 2 };

/* The master sleeps: wake it. */
void
worker_ring_bell(void)
{
	ssize_t r;

	w.unheard = false;
	/* What was written before must be seen by a master that goes to sleep. */
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load(&w.board->master_asleep) == 0 ||
	    atomic_exchange(&w.board->master_asleep, 0) == 0)
		return;
	do
		r = send(w.place.bell, "!", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (r == -1 && errno == EINTR);
}

/* Sleep until the master rings. Without it there is nothing to live for. */
void
worker_sleep(void)
{
	char bytes[64];
	ssize_t r;

	do
		r = recv(w.place.bell, bytes, sizeof bytes, 0);
	while (r == -1 && errno == EINTR);
	if (r <= 0)
		_exit(0);
}

/* Seized: never to begin a task again. */
void
worker_park(void)
{
	worker_ring_bell();
	for (;;)
		worker_sleep();
}

/* Writing to the ring. */

/* Sleep until the ring has room for n bytes; n is at most its size. */
static void
worker_await_room(size_t n)
{
	while (ring_room(&w.ring) < n) {
		atomic_store(&w.slot->asleep, 2);
		worker_ring_bell();
		if (ring_room(&w.ring) < n)
			worker_sleep();
		atomic_store(&w.slot->asleep, 0);
	}
}

/* Sleep until the area behind the ring is free. */
static void
worker_await_overflow(void)
{
	while (atomic_load(&w.slot->overflow) != 0) {
		atomic_store(&w.slot->asleep, 2);
		worker_ring_bell();
		if (atomic_load(&w.slot->overflow) != 0)
			worker_sleep();
		atomic_store(&w.slot->asleep, 0);
	}
}

/* The record gets a place in the area, need bytes longer than it is. */
static int
worker_overflow(struct marshal_out *out, size_t need)
{
	size_t have = (size_t)(out->p - out->base);
	char *old = out->base;

	if (!w.overflowing)
		worker_await_overflow();
	if (area_reach(&w.ring.overflow, have + need) == -1)
		return -1;
	out->base = w.ring.overflow.base;
	if (!w.overflowing)
		memcpy(out->base, old, have);
	w.overflowing = true;
	out->p = out->base + have;
	out->end = out->base + w.ring.overflow.size;
	return 0;
}

/*
 * More room for the record: what the master read meanwhile, or what it will
 * read, or else the area behind.
 */
static int
worker_grow(struct marshal_out *out, size_t need)
{
	size_t have = (size_t)(out->p - out->base);

	if (!w.overflowing && have + need <= RING_SIZE / 2) {
		worker_await_room(have + need);
		out->end = out->base + ring_room(&w.ring);
		return 0;
	}
	return worker_overflow(out, need);
}

void
record_begin(void)
{
	w.writing = true;
	w.overflowing = false;
	w.out.base = w.out.p = ring_place(&w.ring);
	w.out.end = w.out.base + ring_room(&w.ring);
	w.out.grow = worker_grow;
}

int
record_add(const void *bytes, size_t n)
{
	if ((size_t)(w.out.end - w.out.p) < n && w.out.grow(&w.out, n) == -1)
		return -1;
	memcpy(w.out.p, bytes, n);
	w.out.p += n;
	return 0;
}

/* The record is whole: let the master see it. */
void
record_end(void)
{
	char mark[9] = { RING_OVERFLOW };
	uint64_t n = (uint64_t)(w.out.p - w.out.base);

	if (w.overflowing) {
		atomic_store(&w.slot->overflow, 1);
		memcpy(mark + 1, &n, sizeof n);
		worker_await_room(sizeof mark);
		memcpy(ring_place(&w.ring), mark, sizeof mark);
		n = sizeof mark;
	}
	ring_wrote(&w.ring, (size_t)n);
	w.writing = false;
	w.unheard = true;
	if (ring_room(&w.ring) < WORKER_HALF_FULL)
		worker_ring_bell();
}

static void
worker_send_output(const char *bytes, size_t left)
{
	char type = RING_OUTPUT;
	uint32_t len;

	while (left > 0) {
		len = left < RING_SIZE / 4 ? (uint32_t)left : RING_SIZE / 4;
		record_begin();
		record_add(&type, 1);
		record_add(&len, sizeof len);
		record_add(bytes, len);
		record_end();
		bytes += len;
		left -= len;
	}
	worker_ring_bell();
}

/*
 * What tasks print goes to the master, which has the only way to stdout: whole
 * lines now, the rest when its line or the task ends. A __prun_dump that prints
 * does so while a record is being written; that waits, too.
 */
static ssize_t
worker_print(void *cookie, const char *bytes, size_t n)
{
	const char *last;
	size_t whole;

	(void)cookie;
	/* What a fork server preloads may print, too. */
	if (w.board == NULL)
		return fd_write_all(1, bytes, n) == 0 ? (ssize_t)n : 0;
	if (buf_append(&w.held, bytes, n) == -1)
		return 0;
	last = memrchr(buf_bytes(&w.held), '\n', w.held.len);
	if (w.writing || last == NULL)
		return (ssize_t)n;
	whole = (size_t)(last - buf_bytes(&w.held)) + 1;
	worker_send_output(buf_bytes(&w.held), whole);
	buf_consume(&w.held, whole);
	return (ssize_t)n;
}

void
worker_take_stdio(void)
{
#ifdef HAVE_FOPENCOOKIE
	cookie_io_functions_t io = { .write = worker_print };
	FILE *f = fopencookie(NULL, "w", io);

	if (f != NULL) {
		setvbuf(f, NULL, _IOLBF, 1 << 16);
		stdout = f;
	}
#else
	setvbuf(stdout, NULL, _IOLBF, 1 << 16);
	(void)worker_print;
#endif
	setvbuf(stderr, NULL, _IOLBF, 1 << 14);
}

/* What was printed goes out, with the end of a line or without. */
void
worker_flush(void)
{
	w.writing = false;
#ifdef HAVE_STDIO_EXT_H
	if (__fpending(stdout) > 0)
#endif
		fflush(stdout);
	if (w.held.len > 0) {
		worker_send_output(buf_bytes(&w.held), w.held.len);
		buf_reset(&w.held, 1 << 16);
	}
}
