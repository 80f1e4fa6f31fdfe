/* A ring of bytes in shared memory: one process writes, one reads. */
#ifndef PRUN_RING_H
#define PRUN_RING_H

#include <stddef.h>
#include <stdint.h>

#include "area.h"
#include "board.h"

/*
 * A worker's answers. The counters are those of its slot on the board; the
 * bytes are a file of their own, mapped twice in a row, so that every record
 * lies in one piece. A record that is larger than the ring goes to the area
 * behind it, one at a time. What is written is seen by the reader record by
 * record, so the reader never meets half of one, whenever the writer dies.
 */
enum { RING_SIZE = 1 << 18 };

struct ring {
	char *base;
	struct board_slot *slot;
	struct area overflow;
};

/* Map the ring that lies in the file. 0, or -1 with errno, nothing mapped. */
int ring_open(struct ring *, struct board_slot *, int fd);
void ring_close(struct ring *);

/* The writer's side: where the next record goes, and room for it there. */

static inline char *
ring_place(const struct ring *r)
{
	return r->base + atomic_load_explicit(&r->slot->written,
	    memory_order_relaxed) % RING_SIZE;
}

static inline size_t
ring_room(const struct ring *r)
{
	return RING_SIZE - (size_t)(atomic_load_explicit(&r->slot->written,
	    memory_order_relaxed) - atomic_load_explicit(&r->slot->read,
	    memory_order_acquire));
}

/* Let the reader see the n bytes written there. */
static inline void
ring_wrote(struct ring *r, size_t n)
{
	atomic_store_explicit(&r->slot->written,
	    atomic_load_explicit(&r->slot->written, memory_order_relaxed) + n,
	    memory_order_release);
}

/* The reader's side: the bytes to read, and how many. */

static inline const char *
ring_bytes(const struct ring *r, size_t *n)
{
	uint64_t read = atomic_load_explicit(&r->slot->read,
	    memory_order_relaxed);

	*n = (size_t)(atomic_load_explicit(&r->slot->written,
	    memory_order_acquire) - read);
	return r->base + read % RING_SIZE;
}

/* The writer may use the n bytes again. */
static inline void
ring_read(struct ring *r, size_t n)
{
	atomic_store_explicit(&r->slot->read,
	    atomic_load_explicit(&r->slot->read, memory_order_relaxed) + n,
	    memory_order_release);
}

/*
 * The records, by their first byte. Numbers are as in memory, messages as
 * marshal writes them.
 */
enum ring_record {
	RING_BEGIN = 'B',	/* u32 cell: its tasks' ends follow, in order */
	RING_VALUE = 'V',	/* a message: the value of a task */
	RING_VALUES = 'W',	/* u32 count, so many messages: all values */
	RING_ERROR = 'E',	/* kind, messages: text, traceback, value, seconds */
	RING_OUTPUT = 'O',	/* u32 length, bytes: what a task printed */
	RING_OVERFLOW = 'X',	/* u64 length: a record in the area behind */
	RING_REFUSED = 'I'	/* messages: text, traceback: no start */
};

/* The kinds of a RING_ERROR. */
enum ring_error {
	RING_RAISED = 'R', RING_NOT_DECODED = 'D', RING_NOT_ENCODED = 'N'
};

#endif
