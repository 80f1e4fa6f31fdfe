/* board.c owns the protocol by which tasks change hands. */
#include "config.h"

#include "board.h"

/* A range in one word: cell 16, flags 8, cursor 20, limit 20 bits. */
enum { RANGE_INTENT = 1, RANGE_SEIZED = 2 };

#define RANGE_NO_CELL 0xffffu
#define RANGE(cell, flags, cursor, limit)				\
	((uint64_t)(cell) << 48 | (uint64_t)(flags) << 40 |		\
	(uint64_t)(cursor) << 20 | (uint64_t)(limit))
#define RANGE_NONE RANGE(RANGE_NO_CELL, 0, 0, 0)
#define RANGE_FLAGS(r) ((uint32_t)((r) >> 40) & 0xff)
#define RANGE_CELL(r) ((uint32_t)((r) >> 48))
#define RANGE_CURSOR(r) ((uint32_t)((r) >> 20) & BOARD_MAX)
#define RANGE_LIMIT(r) ((uint32_t)(r) & BOARD_MAX)
#define RANGE_SEIZE ((uint64_t)RANGE_SEIZED << 40)

static uint32_t
board_taken_by(uint32_t slot)
{
	return CELL_TAKEN | slot << 8;
}

size_t
board_size(uint32_t slots)
{
	size_t unit = 1 << 16;
	size_t n = sizeof(struct board) + slots * sizeof(struct board_slot);

	return (n + unit - 1) / unit * unit;
}

void
board_init(struct board *b, uint32_t slots)
{
	uint32_t i;

	b->slots = slots;
	for (i = 0; i < slots; i++)
		board_clear(b, i);
}

void
board_clear(struct board *b, uint32_t slot)
{
	struct board_slot *s = &b->slot[slot];

	atomic_store(&s->range, RANGE_NONE);
	atomic_store(&s->state, SLOT_STARTING);
	atomic_store(&s->asleep, 0);
	atomic_store(&s->begun, 0);
	atomic_store(&s->tasks, 0);
	atomic_store(&s->busy, 0);
	atomic_store(&s->served, 0);
	atomic_store(&s->written, 0);
	atomic_store(&s->read, 0);
	atomic_store(&s->overflow, 0);
}

void
board_settle(struct board *b, uint32_t slot)
{
	atomic_store(&b->slot[slot].range, RANGE_NONE);
}

void
board_put(struct board *b, uint32_t cell)
{
	uint64_t head = atomic_load_explicit(&b->head, memory_order_relaxed);

	atomic_store_explicit(&b->cells[cell].state, CELL_READY,
	    memory_order_release);
	atomic_store_explicit(&b->ready[head % BOARD_CELLS], cell,
	    memory_order_release);
	/* Before a look at who sleeps, as they sleep before a look at this. */
	atomic_store(&b->head, head + 1);
}

uint32_t
board_waiting(const struct board *b)
{
	uint64_t tail = atomic_load(&b->tail);

	return (uint32_t)(atomic_load(&b->head) - tail);
}

bool
board_withdraw(struct board *b, uint32_t cell)
{
	uint32_t ready = CELL_READY;

	return atomic_compare_exchange_strong(&b->cells[cell].state, &ready,
	    CELL_FREE);
}

struct board_range
board_range(const struct board *b, uint32_t slot)
{
	uint64_t r = atomic_load(&b->slot[slot].range);
	struct board_range range = {
		.cell = RANGE_CELL(r),
		.cursor = RANGE_CURSOR(r),
		.limit = RANGE_LIMIT(r),
		.none = RANGE_CELL(r) == RANGE_NO_CELL,
		.intent = RANGE_FLAGS(r) & RANGE_INTENT,
		.seized = RANGE_FLAGS(r) & RANGE_SEIZED
	};

	/* What it meant to take and did not get, or got and did not begin. */
	if (range.intent) {
		range.none = atomic_load(&b->cells[range.cell].state) !=
		    board_taken_by(slot);
		range.cursor = 0;
		range.limit = range.none ? 0 : b->cells[range.cell].count;
	}
	return range;
}

uint32_t
board_revoke(struct board *b, uint32_t slot, bool all, uint32_t *cell,
    uint32_t *from)
{
	_Atomic uint64_t *range = &b->slot[slot].range;
	uint64_t r = atomic_load(range);
	uint32_t left, n;

	do {
		if (RANGE_CELL(r) == RANGE_NO_CELL ||
		    RANGE_FLAGS(r) & RANGE_INTENT)
			return 0;
		left = RANGE_LIMIT(r) - RANGE_CURSOR(r);
		n = all ? left : (left + 1) / 2;
		if (n == 0)
			return 0;
		*cell = RANGE_CELL(r);
		*from = RANGE_LIMIT(r) - n;
	} while (!atomic_compare_exchange_weak(range, &r,
	    RANGE(*cell, RANGE_FLAGS(r), RANGE_CURSOR(r), *from)));
	return n;
}

bool
board_seize(struct board *b, uint32_t slot, uint32_t cell, uint32_t item)
{
	_Atomic uint64_t *range = &b->slot[slot].range;
	uint64_t r = atomic_load(range);

	do {
		if (RANGE_CELL(r) != cell || RANGE_FLAGS(r) != 0 ||
		    RANGE_CURSOR(r) != item + 1)
			return false;
	} while (!atomic_compare_exchange_weak(range, &r, r | RANGE_SEIZE));
	return true;
}

void
board_seize_any(struct board *b, uint32_t slot)
{
	atomic_fetch_or(&b->slot[slot].range, RANGE_SEIZE);
}

/* One step from the range r, unless the slot was seized. */
static bool
board_step(struct board *b, uint32_t slot, uint64_t next)
{
	_Atomic uint64_t *range = &b->slot[slot].range;
	uint64_t r = atomic_load(range);

	do {
		if (RANGE_FLAGS(r) & RANGE_SEIZED)
			return false;
	} while (!atomic_compare_exchange_weak(range, &r, next));
	return true;
}

int
board_take(struct board *b, uint32_t slot)
{
	uint64_t tail = atomic_load(&b->tail);
	uint32_t cell, ready;
	bool mine;

	while (tail < atomic_load(&b->head)) {
		cell = atomic_load_explicit(&b->ready[tail % BOARD_CELLS],
		    memory_order_acquire);
		mine = false;
		if (atomic_load(&b->cells[cell].state) == CELL_READY) {
			if (!board_step(b, slot,
			    RANGE(cell, RANGE_INTENT, 0, 0)))
				return -2;
			ready = CELL_READY;
			mine = atomic_compare_exchange_strong(
			    &b->cells[cell].state, &ready,
			    board_taken_by(slot));
		}
		/* Whoever took it may be slow, or dead: anyone moves on. */
		if (atomic_compare_exchange_strong(&b->tail, &tail, tail + 1))
			tail++;
		if (mine)
			return board_step(b, slot,
			    RANGE(cell, 0, 0, b->cells[cell].count)) ?
			    (int)cell : -2;
	}
	return board_step(b, slot, RANGE_NONE) ? -1 : -2;
}

int
board_next(struct board *b, uint32_t slot)
{
	_Atomic uint64_t *range = &b->slot[slot].range;
	uint64_t r = atomic_load_explicit(range, memory_order_relaxed);

	do {
		if (RANGE_FLAGS(r) & RANGE_SEIZED)
			return -2;
		if (RANGE_CURSOR(r) == RANGE_LIMIT(r))
			return -1;
	} while (!atomic_compare_exchange_weak(range, &r, r + (1 << 20)));
	return (int)RANGE_CURSOR(r);
}

void
board_done(struct board *b, uint32_t slot)
{
	board_step(b, slot, RANGE_NONE);
}

bool
board_others_wait(const struct board *b, uint32_t slot)
{
	struct board_range r;
	uint32_t i;

	for (i = 0; i < b->slots; i++) {
		if (i == slot)
			continue;
		r = board_range(b, i);
		if (!r.none && r.cursor < r.limit)
			return true;
	}
	return false;
}
