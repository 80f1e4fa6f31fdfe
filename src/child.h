/* Our children: who they are, and how each one ended. */
#ifndef PRUN_CHILD_H
#define PRUN_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "list.h"
#include "loop.h"
#include "sig.h"

/* How a child ended, and what it used. Times in microseconds, rss in KiB. */
struct child_end {
	int code;		/* exit code, or -1 when a signal ended it */
	int signal;		/* 0 when it exited */
	int64_t user, system;
	long maxrss;
};

/*
 * A process to wait for, a part of the caller's own struct, which must stay
 * where it is until fn has been called or child_forget. Only processes named
 * by child_add are waited for, so that others (a script's io.popen) can be by
 * whoever started them; orphans that came to us from elsewhere are reaped.
 */
struct child {
	struct list link;
	pid_t pid;
	struct child_end end;
	void (*fn)(struct child *);
};

/*
 * Take SIGCHLD from the signal descriptor, which the loop watches from now
 * on; the other signals go to fn. 0, or -1 with errno.
 */
int child_open(struct loop *, const struct sig_backend *,
    void (*fn)(const struct sig_event *));

/* Read the signals that came, now: as the loop does in a turn. */
void child_signals(void);

/* In a forked child of this program: forget the children of the parent. */
void child_close(struct loop *);

/* Wait for pid from now on; fn is called, once, from a turn of the loop. */
void child_add(struct child *, pid_t pid);

/* Wait for it no more. */
void child_forget(struct child *);

/* Wait for it here and now; fn is not called. For one that was killed. */
void child_await(struct child *);

/* Look for ended children now, without a signal. */
void child_reap(void);

#endif
