/* What l_pool.c (workers) and l_batch.c (their tasks) share. */
#ifndef PRUN_L_POOL_H
#define PRUN_L_POOL_H

#include <lauxlib.h>
#include <lua.h>

#include "arena.h"
#include "board.h"
#include "child.h"
#include "l_core.h"
#include "marshal.h"
#include "ring.h"

#define L_POOL "prun.core.pool"
#define L_BATCH "prun.core.batch"

/* A cell as the master knows it: whose tasks, and which bytes. */
struct l_cell {
	struct l_batch *batch;
	struct arena_block *arguments, *function;
	uint32_t left;			/* tasks without an end */
};

enum l_worker_state { WORKER_NONE, WORKER_LIVE, WORKER_ENDED };

/* The worker of a slot. */
struct l_worker {
	enum l_worker_state state;
	struct l_pool *pool;
	struct child child;
	struct loop_watch bell;
	struct ring ring;
	int ring_fd;
	bool refused;			/* its boot failed */
	bool retired;			/* has done its share, and ends */
	bool remote;			/* a fork server's child */
	bool orphan;			/* whose fork server is gone */
	int64_t hired;			/* loop_clock() */
	uint32_t cell, item;		/* where its answers are */
	char mark[40];			/* of its environment */
};

struct l_pool {
	struct list link;
	struct l_event event;
	struct l_waiter waiter;
	struct loop *loop;
	int fd;				/* board and arena */
	struct area area;
	struct board *board;
	struct arena arena;
	struct arena_block *boot;
	struct l_worker *workers;
	uint32_t slots;
	struct l_cell cells[BOARD_CELLS];
	uint16_t spare[BOARD_CELLS];	/* free cells */
	uint32_t spare_len;
	struct list pending;		/* batches not wholly put up */
	struct list over;		/* those with an end for each task */
	struct marshal_out out;		/* a chunk being encoded */
	char *scratch;
	size_t scratch_size;
	struct arena_block *function;	/* the last one submitted */
	uint32_t functions;
	uint64_t unended;		/* tasks submitted, without an end */
	uint64_t bytes_out, bytes_in, tasks_done, lost;
	bool draining;			/* an answer is being decoded */
	bool dead;
};

/*
 * Tasks submitted by one call. User values: the results by number, the input,
 * the owner (whatever Lua wants to be told about).
 */
struct l_batch {
	struct list link;		/* in the pool's pending, or over */
	struct l_pool *pool;
	struct arena_block *function;
	uint32_t function_number, flags, chunk;
	bool single;			/* the input is the one task's arguments */
	bool ordered;			/* remember the order of ends */
	uint64_t first;			/* number of the first task, from 1 */
	uint64_t total, next, left;
	uint32_t cells;			/* that are its */
	uint32_t *again;		/* tasks to be put up once more */
	uint64_t again_len, again_size;
	uint32_t *order;
	uint64_t order_len, order_read;
	unsigned char *done;		/* a bit a task */
	unsigned char done_one;		/* the bits of a small batch */
};

/* Cells kept for tasks that come back from workers. */
enum { BATCH_RESERVE = 128 };

enum { BATCH_RESULTS = 1, BATCH_INPUT, BATCH_OWNER };
enum { POOL_HANDLER = 1, POOL_LIVE };

struct l_pool *l_pool_check(lua_State *, int index);

/* Push the batch from the pool's (at index) live ones. */
void l_batch_push(lua_State *, int pool, struct l_batch *);

/* Whether task i (from 0) has its end; that it has it now. */
bool l_batch_is_done(const struct l_batch *, uint64_t i);
void l_batch_end(struct l_batch *, uint64_t i);

/* The last task of the batch has its end: an event tells its owner. */
void l_batch_finish(lua_State *, int pool, int events, struct l_batch *);

/*
 * Let go of batches that are over. One of whose cells is still out, because its
 * task was given an end before it came to one, stays.
 */
void l_batch_sweep(lua_State *, int pool);

/*
 * Append an event: {type, owner, index, ...} with the n values at the top of
 * the stack behind, which are popped.
 */
void l_batch_event(lua_State *, int pool, int events, struct l_batch *,
    const char *type, uint64_t i, int n);

/* n tasks whose arguments are len bytes at `at`; the block gets a user. */
uint32_t l_cell_put(struct l_pool *, struct l_batch *, struct arena_block *,
    uint64_t at, uint64_t len, uint64_t first, uint32_t n);

/* Tasks [from, from + n) of a taken cell become a cell of their own. */
void l_cell_split(struct l_pool *, uint32_t cell, uint32_t from, uint32_t n);

/* n tasks of the cell have their end, or went to another cell. */
void l_cell_less(struct l_pool *, uint32_t cell, uint32_t n);

/* Answers of one worker: results into their batches, the rest as events. */
void l_batch_drain(lua_State *, int pool, int events, uint32_t slot);

/*
 * What a worker that is gone held: the task that ran becomes an event, what it
 * had not begun is put up again.
 */
void l_batch_inherit(lua_State *, int pool, int events, uint32_t slot);

/* Put up more of what is pending. */
void l_batch_feed(lua_State *, int pool, int events);

/* Take tasks back from busy workers for those that have none. */
void l_batch_balance(struct l_pool *);

/* Wake as many sleeping workers as there are cells that nobody looks for. */
void l_pool_wake(struct l_pool *);
void l_pool_ring(struct l_pool *, uint32_t slot, unsigned if_asleep);

/* All pools of this process: a fork server's workers may be of any. */
extern struct list l_pools;

/* Encode the value at the top, popped; on failure nil and why are pushed. */
void l_pool_encode_begin(struct l_pool *);
int l_pool_encode(lua_State *, struct l_pool *, int flags);

/* The worker is gone: its slot is free. */
void l_worker_release(struct l_worker *);

/* Methods of a pool about its workers. */
int l_pool_hire(lua_State *);
int l_pool_forkserver(lua_State *);
int l_pool_kill(lua_State *);
int l_pool_running(lua_State *);
int l_pool_seize(lua_State *);
int l_pool_seize_any(lua_State *);

/* Workers that are at a task; pool:stats(). */
uint32_t l_pool_busy(const struct l_pool *);
int l_pool_stats(lua_State *);

/* pool:submit(...) */
int l_batch_submit(lua_State *);

void l_batch_class(lua_State *);

#endif
