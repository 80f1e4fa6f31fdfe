/* What the bindings share: errors, handles, and events on their way to Lua. */
#ifndef PRUN_L_CORE_H
#define PRUN_L_CORE_H

#include <lauxlib.h>
#include <lua.h>

#include "list.h"
#include "loop.h"

/*
 * Callbacks of the C loop never call Lua: they queue what happened, and
 * prun.core.loop.turn delivers it when the loop's turn is over. So an error in
 * a Lua callback unwinds no C frame but turn's own.
 */
struct l_event {
	struct list link;	/* list_init it first */
	void (*deliver)(lua_State *, struct l_event *);
};

/* Queue it for delivery; once queued it is not queued again. */
void l_event_queue(struct l_event *);

/* Call Lua for all that is queued. */
void l_event_deliver(lua_State *);

/* Whether something is queued. */
int l_event_waiting(void);

/* nil, message, errno: what a function returns when the system refuses. */
int l_fail(lua_State *, const char *what, int error);

/* true, or as l_fail when r is -1. */
int l_result(lua_State *, int r, const char *what);

/*
 * Handles: userdata that C finds again by their address. l_handle_keep
 * registers the value at the top of the stack (weakly); l_handle_push pushes
 * its first user value, the function to call, and the handle itself: false,
 * and nothing pushed, when it was collected.
 */
void l_handle_keep(lua_State *, const void *address);
int l_handle_push(lua_State *, const void *address);

/* Make the metatable of a class, which is its own __index. */
void l_class(lua_State *, const char *name, const luaL_Reg *methods);

/*
 * Who wants to know that the loop is about to wait: before returns whether
 * something is there already, so that it need not; after is called behind it.
 */
struct l_waiter {
	struct list link;
	int (*before)(struct l_waiter *);
	void (*after)(struct l_waiter *);
};

void l_waiter_add(struct l_waiter *);
void l_waiter_remove(struct l_waiter *);

/*
 * In a forked child that goes on with another Lua state: the loop, events,
 * jobs and sinks of the parent are forgotten.
 */
void l_forget(void);
void l_loop_forget(void);
void l_job_forget(void);
void l_sink_forget(void);
void l_pool_forget(void);

/* What a worker that was forked from the master does; the host sets it. */
struct place;
extern void (*l_pool_forked)(const struct place *);

/*
 * The loop of this program, opened by prun.core.loop.open, or now by what
 * prun.core.loop.opener was given.
 */
struct loop *l_loop(lua_State *);

int luaopen_prun_core_loop(lua_State *);
int luaopen_prun_core_block(lua_State *);
int luaopen_prun_core_job(lua_State *);
int luaopen_prun_core_sink(lua_State *);
int luaopen_prun_core_pool(lua_State *);
int luaopen_prun_core_record(lua_State *);
int luaopen_prun_core_regex(lua_State *);
int luaopen_prun_core_sys(lua_State *);

#endif
