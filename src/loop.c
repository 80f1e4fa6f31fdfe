/* loop.c owns the timers and the order of a turn; waiting is the back end's. */
#include "config.h"

#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

struct loop {
	const struct loop_backend *backend;
	void *waiter;
	struct heap timers;
};

struct loop *
loop_new(const struct loop_backend *backend)
{
	struct loop *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->backend = backend;
	if ((l->waiter = backend->open()) == NULL) {
		free(l);
		return NULL;
	}
	return l;
}

void
loop_free(struct loop *l)
{
	l->backend->close(l->waiter);
	heap_free(&l->timers);
	free(l);
}

int64_t
loop_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int
loop_watch(struct loop *l, struct loop_watch *w, int fd, unsigned events)
{
	unsigned old = w->events;

	if (old == events)
		return 0;
	w->fd = fd;
	w->events = events;
	if (l->backend->set(l->waiter, w, old) == 0)
		return 0;
	w->events = old;
	return -1;
}

void
loop_unwatch(struct loop *l, struct loop_watch *w)
{
	if (w->events != 0)
		l->backend->drop(l->waiter, w);
	w->events = 0;
}

int
loop_timer(struct loop *l, struct loop_timer *t, int64_t when)
{
	heap_remove(&l->timers, &t->node);
	return heap_insert(&l->timers, &t->node, when);
}

void
loop_untimer(struct loop *l, struct loop_timer *t)
{
	heap_remove(&l->timers, &t->node);
}

/* Milliseconds until the first timer or the limit, rounded up. */
static int
loop_patience(struct loop *l, int64_t limit)
{
	struct heap_node *top = heap_top(&l->timers);
	int64_t left;

	if (top != NULL) {
		left = top->key - loop_clock();
		if (left < 0)
			left = 0;
		if (limit < 0 || left < limit)
			limit = left;
	}
	if (limit < 0)
		return -1;
	if (limit > (int64_t)INT_MAX * 1000000 - 999999)
		return INT_MAX;
	return (int)((limit + 999999) / 1000000);
}

static void
loop_fire(struct loop *l)
{
	struct heap_node *n = heap_top(&l->timers);
	struct loop_timer *t;
	int64_t now;

	if (n == NULL || n->key > (now = loop_clock()))
		return;
	/* Those due now; one that starts itself anew waits for its turn. */
	while ((n = heap_top(&l->timers)) != NULL && n->key <= now) {
		heap_remove(&l->timers, n);
		t = (struct loop_timer *)(void *)n;
		t->fn(t);
	}
}

int
loop_turn(struct loop *l, int64_t limit)
{
	int r = l->backend->wait(l->waiter, loop_patience(l, limit));

	if (r == -1 && errno != EINTR)
		return -1;
	loop_fire(l);
	return 0;
}
