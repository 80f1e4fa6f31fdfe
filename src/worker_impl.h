/* What the files of the worker share: worker.c, answer.c, task.c. */
#ifndef PRUN_WORKER_IMPL_H
#define PRUN_WORKER_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

#include "board.h"
#include "buf.h"
#include "marshal.h"
#include "place.h"
#include "ring.h"

/* What the worker is doing, for an error that unwinds it. */
enum worker_phase { WORKER_DECODING, WORKER_CALLING, WORKER_ENCODING };

/* The one worker that this process is. */
extern struct worker {
	struct place place;
	lua_State *L;
	struct board *board;
	struct board_slot *slot;
	struct area area;		/* the board */
	struct area tasks;		/* the arena behind it */
	struct ring ring;
	struct marshal_out out;		/* of the record being written */
	bool overflowing;		/* which lies in the area behind */
	bool writing;			/* a record is under way */
	struct buf held;		/* printed meanwhile */
	bool unheard;			/* written since the bell was rung */
	enum worker_phase phase;
	struct board_cell chunk;	/* the cell being served, as it was */
	int64_t next;			/* the task claimed: -1 none, -2 seized */
	uint32_t item;			/* the task being run */
	const char *arguments, *end;
	int64_t statm;			/* descriptor of /proc/self/statm */
} w;


void worker_exit(int status) __attribute__((noreturn));

/* Registry keys: decoded functions by number, math.randomseed. */
extern const char worker_functions_key, worker_seed_key;

/* answer.c: the doorbell, records on the ring, what tasks print. */

/* The master sleeps: wake it. */
void worker_ring_bell(void);

/* Sleep until the master rings. Without it there is nothing to live for. */
void worker_sleep(void);

/* Seized: never to begin a task again. */
void worker_park(void) __attribute__((noreturn));

/*
 * A record: begin, add, end; the master sees it when it is whole. One that was
 * begun and not ended never was. The marshal_out is w.out.
 */
void record_begin(void);
int record_add(const void *, size_t n);
void record_end(void);

/* What was printed goes out, with the end of a line or without. */
void worker_flush(void);

/* task.c: running the tasks of a cell. */

/* The message handler: keeps the traceback aside. */
int worker_traceback(lua_State *);

/* The error at the top of the stack, with a traceback kept, as a record. */
void worker_send_error(lua_State *, char type, char kind);

/* All tasks of the cell that this worker gets. */
void worker_serve_cell(lua_State *, uint32_t cell);

#endif
