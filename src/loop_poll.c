/* loop_poll.c waits for descriptors with POSIX poll(2). */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "loop.h"

/* Two arrays in step; a dropped watch leaves a hole until the next wait. */
struct poll_waiter {
	struct pollfd *fds;
	struct loop_watch **watches;
	size_t len, cap;
	bool holes;
};

static void *
poll_open(void)
{
	return calloc(1, sizeof(struct poll_waiter));
}

static void
poll_close(void *waiter)
{
	struct poll_waiter *p = waiter;

	free(p->fds);
	free(p->watches);
	free(p);
}

static int
poll_grow(struct poll_waiter *p)
{
	size_t cap = p->cap ? p->cap * 2 : 16;
	struct pollfd *fds = realloc(p->fds, cap * sizeof *fds);
	struct loop_watch **watches;

	if (fds == NULL)
		return -1;
	p->fds = fds;
	watches = realloc(p->watches, cap * sizeof *watches);
	if (watches == NULL)
		return -1;
	p->watches = watches;
	p->cap = cap;
	return 0;
}

static size_t
poll_find(struct poll_waiter *p, const struct loop_watch *w)
{
	size_t i;

	for (i = 0; i < p->len && p->watches[i] != w; i++)
		continue;
	return i;
}

static int
poll_set(void *waiter, struct loop_watch *w, unsigned old)
{
	struct poll_waiter *p = waiter;
	size_t i = old ? poll_find(p, w) : p->len;

	if (i == p->len) {
		if (p->len == p->cap && poll_grow(p) == -1)
			return -1;
		p->len++;
	}
	p->watches[i] = w;
	p->fds[i] = (struct pollfd){ .fd = w->fd };
	if (w->events & LOOP_READ)
		p->fds[i].events |= POLLIN;
	if (w->events & LOOP_WRITE)
		p->fds[i].events |= POLLOUT;
	return 0;
}

static void
poll_drop(void *waiter, struct loop_watch *w)
{
	struct poll_waiter *p = waiter;
	size_t i = poll_find(p, w);

	if (i == p->len)
		return;
	p->watches[i] = NULL;
	p->fds[i].fd = -1;
	p->holes = true;
}

static void
poll_fill_holes(struct poll_waiter *p)
{
	size_t i, kept = 0;

	for (i = 0; p->holes && i < p->len; i++) {
		if (p->watches[i] == NULL)
			continue;
		p->watches[kept] = p->watches[i];
		p->fds[kept++] = p->fds[i];
	}
	if (p->holes)
		p->len = kept;
	p->holes = false;
}

static unsigned
poll_meaning(int events)
{
	unsigned r = 0;

	if (events & (POLLIN | POLLHUP | POLLERR))
		r |= LOOP_READ;
	if (events & (POLLOUT | POLLERR))
		r |= LOOP_WRITE;
	if (events & (POLLHUP | POLLERR))
		r |= LOOP_HANGUP;
	return r;
}

static int
poll_wait_turn(void *waiter, int ms)
{
	struct poll_waiter *p = waiter;
	size_t i, n;
	int events;

	poll_fill_holes(p);
	if (poll(p->fds, (nfds_t)p->len, ms) == -1)
		return -1;
	/* Those that callbacks add wait for the next turn. */
	n = p->len;
	for (i = 0; i < n; i++) {
		events = p->fds[i].revents;
		p->fds[i].revents = 0;
		if (events != 0 && p->watches[i] != NULL)
			p->watches[i]->fn(p->watches[i], poll_meaning(events));
	}
	return 0;
}

const struct loop_backend loop_poll = {
	"poll", poll_open, poll_close, poll_set, poll_wait_turn, poll_drop
};
