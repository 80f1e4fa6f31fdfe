/* The event loop: descriptors, timers, one turn at a time. */
#ifndef PRUN_LOOP_H
#define PRUN_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap.h"

struct loop;

enum {
	LOOP_READ = 1,
	LOOP_WRITE = 2,
	LOOP_HANGUP = 4		/* end or error; always reported, with READ */
};

/*
 * A watch and a timer are parts of the caller's own structs, all zero at
 * first, and must stay where they are while started. Callbacks may start and
 * stop any watch or timer, their own too, and free what they are part of once
 * it is stopped: a stopped watch is never called, not even for an event that
 * came in the same turn.
 */
struct loop_watch {
	void (*fn)(struct loop_watch *, unsigned events);
	int fd;
	unsigned events;	/* 0: not started */
};

struct loop_timer {
	struct heap_node node;
	void (*fn)(struct loop_timer *);
};

/* What waits: epoll(7), or poll(2) where there is none. */
struct loop_backend {
	const char *name;
	void *(*open)(void);
	void (*close)(void *);
	int (*set)(void *, struct loop_watch *, unsigned old);
	int (*wait)(void *, int timeout_ms);
	void (*drop)(void *, struct loop_watch *);
};

extern const struct loop_backend loop_poll;
#ifdef HAVE_SYS_EPOLL_H
extern const struct loop_backend loop_epoll;
#endif

/* NULL with errno when the back end cannot be opened. */
struct loop *loop_new(const struct loop_backend *);
void loop_free(struct loop *);

/* Nanoseconds of the monotonic clock; it counts on when the wall clock jumps. */
int64_t loop_clock(void);

/* Watch fd, or watch it for other events. 0, or -1 with errno. */
int loop_watch(struct loop *, struct loop_watch *, int fd, unsigned events);
void loop_unwatch(struct loop *, struct loop_watch *);

/* Call the timer's fn once at the time given; started again: moved. */
int loop_timer(struct loop *, struct loop_timer *, int64_t when);
void loop_untimer(struct loop *, struct loop_timer *);

/*
 * One turn: wait until something happens, limit nanoseconds at most (-1: no
 * limit, 0: do not wait), and call back for all that did. 0, or -1 with errno.
 */
int loop_turn(struct loop *, int64_t limit);

#endif
