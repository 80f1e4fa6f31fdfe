/* Where output goes: pieces in one order to stdout and stderr, never blocking. */
#ifndef PRUN_SINK_H
#define PRUN_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"
#include "loop.h"
#include "spool.h"

enum sink_way {
	SINK_OUT, SINK_ERR, SINK_WAYS
};

/* How bytes get to a descriptor without the loop standing still. */
enum sink_mode {
	SINK_PLAIN,		/* a file: write takes all, at once */
	SINK_OWN,		/* a pipe or terminal opened anew, non-blocking */
	SINK_SOCKET,		/* send with MSG_DONTWAIT */
	SINK_CAUTIOUS,		/* poll, then write a page at most */
};

struct sink_end {
	int fd;			/* what is written to */
	int shared;		/* the descriptor given */
	enum sink_mode mode;
	int error;		/* errno of the first failed write, or 0 */
	bool partial;		/* the last byte written was no newline */
	bool terminal;
};

/*
 * Bytes given to a sink reach their descriptors in the order they were given,
 * over both ways, whole pieces at a time. What cannot be written now waits,
 * in memory up to the spools' bound and then on disk. A write error is kept in
 * the end's error; later bytes for that end are dropped.
 */
struct sink {
	struct loop *loop;
	struct sink_end ends[SINK_WAYS];
	struct list queue;
	size_t queued;		/* bytes waiting */
	bool status;		/* a status line is on the screen */
	struct loop_watch watch;
	void (*on_change)(struct sink *);	/* the queue ran dry, or an error */
	void *owner;
};

/* Set up for two descriptors (of ours or shared with others). */
void sink_open(struct sink *, struct loop *, int out, int err);
void sink_close(struct sink *);

/* Give n bytes. 0, or -1 with errno when they could not even be kept. */
int sink_write(struct sink *, enum sink_way, const void *, size_t n);

/*
 * Show a line without a newline on stderr, a terminal, in place of the one
 * before (len 0: take it away). It vanishes by itself before other output and
 * is not shown while output waits or a line is unfinished on the screen.
 */
void sink_status(struct sink *, const char *text, size_t len);

/* A text that begins each line, kept by whoever gives a stream in parts. */
struct sink_prefix {
	const char *text;	/* NULL: none */
	size_t len;
	bool inside;		/* the last byte given was inside a line */
};

/* Give n bytes, the prefix before each line that begins in them. */
int sink_lines(struct sink *, enum sink_way, const void *, size_t n,
    struct sink_prefix *);

/* Give all of a spool likewise; it is empty afterwards. */
int sink_spool(struct sink *, enum sink_way, struct spool *,
    struct sink_prefix *);

/* Write what can be written now; -1 with errno when there was an error. */
int sink_flush(struct sink *);

#endif
