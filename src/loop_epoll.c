/* loop_epoll.c waits for descriptors with Linux's epoll(7). */
#include "config.h"

#include "loop.h"

#ifdef HAVE_SYS_EPOLL_H

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>

#include "fd.h"

enum { EPOLL_BATCH = 64 };

struct epoll_waiter {
	int fd;
	int next, count;	/* of the batch being called back */
	struct epoll_event batch[EPOLL_BATCH];
};

static void *
epoll_open(void)
{
	struct epoll_waiter *e = calloc(1, sizeof *e);

	if (e == NULL)
		return NULL;
	if ((e->fd = epoll_create1(EPOLL_CLOEXEC)) == -1) {
		free(e);
		return NULL;
	}
	return e;
}

static void
epoll_close(void *waiter)
{
	struct epoll_waiter *e = waiter;

	fd_close(&e->fd);
	free(e);
}

static int
epoll_set(void *waiter, struct loop_watch *w, unsigned old)
{
	struct epoll_waiter *e = waiter;
	struct epoll_event ev = { .data.ptr = w };

	if (w->events & LOOP_READ)
		ev.events |= EPOLLIN;
	if (w->events & LOOP_WRITE)
		ev.events |= EPOLLOUT;
	return epoll_ctl(e->fd, old ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, w->fd,
	    &ev);
}

static void
epoll_drop(void *waiter, struct loop_watch *w)
{
	struct epoll_waiter *e = waiter;
	struct epoll_event ev = { 0 };
	int i, saved = errno;

	epoll_ctl(e->fd, EPOLL_CTL_DEL, w->fd, &ev);
	errno = saved;
	for (i = e->next; i < e->count; i++)
		if (e->batch[i].data.ptr == w)
			e->batch[i].data.ptr = NULL;
}

static unsigned
epoll_meaning(uint32_t events)
{
	unsigned r = 0;

	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		r |= LOOP_READ;
	if (events & (EPOLLOUT | EPOLLERR))
		r |= LOOP_WRITE;
	if (events & (EPOLLHUP | EPOLLERR))
		r |= LOOP_HANGUP;
	return r;
}

static int
epoll_wait_turn(void *waiter, int ms)
{
	struct epoll_waiter *e = waiter;
	struct epoll_event *ev;
	struct loop_watch *w;

	e->next = e->count = 0;
	if ((e->count = epoll_wait(e->fd, e->batch, EPOLL_BATCH, ms)) == -1) {
		e->count = 0;
		return -1;
	}
	while (e->next < e->count) {
		ev = &e->batch[e->next++];
		if ((w = ev->data.ptr) != NULL)
			w->fn(w, epoll_meaning(ev->events));
	}
	return 0;
}

const struct loop_backend loop_epoll = {
	"epoll", epoll_open, epoll_close, epoll_set, epoll_wait_turn,
	epoll_drop
};

#endif
