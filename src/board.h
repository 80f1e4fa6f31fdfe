/* The board: tasks put up in shared memory, which idle workers take. */
#ifndef PRUN_BOARD_H
#define PRUN_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A *cell* is a chunk of tasks, put up by the master. A *slot* is the place of
 * one worker; its *range* says which tasks of which cell the worker has: those
 * up to cursor are begun (the last of them may be running), those from cursor
 * to limit are still to do. Every change of hands is one compare-and-swap, so a
 * worker that is killed anywhere leaves no doubt about what it held: the
 * master reads it from the range.
 *
 *	cell	FREE -> READY (board_put) -> TAKEN by a slot (board_take)
 *	range	NONE -> intent to take -> cell, 0, count -> cursor + 1 ... -> NONE
 *
 * The master takes the tail of a range back (board_revoke) to give it to an
 * idle worker, and stops a worker at its present task (board_seize) to kill it.
 */
enum {
	BOARD_CELLS = 1024,		/* a power of two */
	BOARD_MAX = (1 << 20) - 1	/* tasks in a cell */
};

enum board_cell_state { CELL_FREE, CELL_READY, CELL_TAKEN };

/* What the tasks of a cell are. */
enum {
	CELL_COUNTED = 1,	/* a task's arguments: a count, and so many */
	CELL_ALL = 2,		/* all values of a task are its result, or one */
	CELL_URGENT = 4,	/* the master waits for each result */
	CELL_SEEDED = 8	/* seed math.random for each task */
};

struct board_cell {
	_Atomic uint32_t state;		/* and, when taken, slot << 8 */
	uint32_t flags, count;
	uint32_t function;		/* its number: workers keep it */
	uint64_t function_at, function_len;
	uint64_t at, len;		/* the arguments */
	uint64_t first;			/* the number of the first task, from 1 */
};

enum board_slot_state { SLOT_STARTING, SLOT_SERVING, SLOT_RETIRED };

struct board_slot {
	/* The worker writes, the master reads. */
	_Alignas(128) _Atomic uint64_t range;
	_Atomic uint32_t state;
	_Atomic uint32_t asleep;	/* waits at its doorbell */
	_Atomic int64_t begun;		/* the present task, loop_clock() */
	_Atomic uint64_t tasks;
	_Atomic int64_t busy, served;	/* ns in tasks; when it began to serve */
	_Atomic uint64_t written;	/* bytes ever put into its ring */
	/* The master writes, the worker reads. */
	_Alignas(128) _Atomic uint64_t read;	/* bytes ever taken out */
	_Atomic uint32_t overflow;	/* the area behind the ring is in use */
};

struct board {
	uint64_t version;		/* of the program that made it */
	uint32_t slots;
	uint32_t spinners_max;
	uint64_t max_tasks, max_memory;	/* of a worker; 0: no limit */
	uint64_t seed;
	uint64_t boot_at, boot_len;
	_Alignas(128) _Atomic uint64_t head;	/* cells ever put up */
	_Atomic uint32_t closing;		/* no more will come */
	_Atomic uint32_t hungry;		/* the master has more to put up */
	_Alignas(128) _Atomic uint64_t tail;	/* cells ever taken */
	_Alignas(128) _Atomic uint32_t master_asleep;
	_Atomic uint32_t spinners;
	_Alignas(128) _Atomic uint32_t ready[BOARD_CELLS];
	struct board_cell cells[BOARD_CELLS];
	struct board_slot slot[];
};

/* A range, taken apart. */
struct board_range {
	uint32_t cell, cursor, limit;
	bool none, intent, seized;
};

/* Bytes of a board with so many slots, in whole pages of 64 KiB. */
size_t board_size(uint32_t slots);

/* Fill in a new board, whose bytes are zero. */
void board_init(struct board *, uint32_t slots);

/* The master's side. */

/* Put a cell up; it was free and is filled in. */
void board_put(struct board *, uint32_t cell);

/* Cells put up and not taken yet. */
uint32_t board_waiting(const struct board *);

/* Take back a cell that nobody took. False when somebody did. */
bool board_withdraw(struct board *, uint32_t cell);

struct board_range board_range(const struct board *, uint32_t slot);

/*
 * Take back at most the last half of what the slot has still to do (all of it
 * with all). Returns how many; *from is the first of them in the cell *cell.
 */
uint32_t board_revoke(struct board *, uint32_t slot, bool all, uint32_t *cell,
    uint32_t *from);

/*
 * From now on the worker begins nothing: when it ends its present task it
 * waits to be killed. False when it runs no task, or not the one named (the
 * item of a cell): then nothing was changed.
 */
bool board_seize(struct board *, uint32_t slot, uint32_t cell, uint32_t item);

/* The same whatever it does. */
void board_seize_any(struct board *, uint32_t slot);

/* What the slot had is accounted for: it has nothing, whatever it was told. */
void board_settle(struct board *, uint32_t slot);

/* Make the slot as new for the next worker. */
void board_clear(struct board *, uint32_t slot);

/* The worker's side. */

/* Take the next cell. Its number, or -1: there is none; -2: seized. */
int board_take(struct board *, uint32_t slot);

/* Begin the next task of the cell taken: its place, -1 at the end, -2: seized. */
int board_next(struct board *, uint32_t slot);

/* Nothing is held any more. */
void board_done(struct board *, uint32_t slot);

/* Whether another slot has tasks still to do that could be shared. */
bool board_others_wait(const struct board *, uint32_t slot);

#endif
