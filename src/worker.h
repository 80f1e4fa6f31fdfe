/* A worker: the process in which tasks run. */
#ifndef PRUN_WORKER_H
#define PRUN_WORKER_H

#include <lua.h>

#include "place.h"

/*
 * stdout goes to the master from now on: before the Lua state is made, whose io
 * library keeps the stream it finds.
 */
void worker_take_stdio(void);

/*
 * Serve until the board is closed, then end the process. L is a fresh state
 * or one that a fork server prepared.
 */
void worker_run(lua_State *, const struct place *) __attribute__((noreturn));

/*
 * In a forked child of the master or of a fork server: forget what was the
 * parent's, close its descriptors but those of the place, and serve, with the
 * state given or, for NULL, with a fresh one.
 */
void worker_run_forked(lua_State *, const struct place *)
    __attribute__((noreturn));

/* The same started as a program of its own; returns a status on failure. */
int worker_run_spawned(const char *place);

#endif
