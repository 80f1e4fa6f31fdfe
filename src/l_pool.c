/* l_pool.c is prun.core.pool: workers, their doorbells and their ends. */
#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "l_forkserver.h"
#include "l_pool.h"
#include "loop.h"
#include "place.h"
#include "server_words.h"
#include "spawn.h"
#include "tree.h"

extern char **environ;

/* How long the master looks for answers before it sleeps, in nanoseconds. */
#define POOL_SPIN 50000

enum {
	POOL_SCRATCH = 1 << 15,		/* bytes for encoding, at first */
	POOL_SCRATCH_KEPT = 1 << 21	/* and not given back */
};

void (*l_pool_forked)(const struct place *);

/* All pools of this process: a fork server's workers may be of any. */
struct list l_pools = { &l_pools, &l_pools };

void
l_pool_forget(void)
{
	list_init(&l_pools);
	l_forkserver_forget();
}

struct l_pool *
l_pool_check(lua_State *L, int index)
{
	struct l_pool *p = luaL_checkudata(L, index, L_POOL);

	if (p->dead)
		luaL_error(L, "the pool is gone");
	return p;
}

/* Something came from a worker: Lua's handler shall pump. */
static void
pool_deliver(lua_State *L, struct l_event *event)
{
	if (l_handle_push(L, list_entry(event, struct l_pool, event)))
		lua_call(L, 1, 0);
}

static bool
pool_has_answers(const struct l_pool *p)
{
	const struct board_slot *s = p->board->slot;
	uint32_t i;

	for (i = 0; i < p->slots; i++)
		if (p->workers[i].state == WORKER_ENDED ||
		    (p->workers[i].state == WORKER_LIVE &&
		    atomic_load(&s[i].written) != atomic_load(&s[i].read)))
			return true;
	return false;
}

/* From now on workers ring: what they wrote before is looked for. */
static int
pool_before_wait(struct l_waiter *waiter)
{
	struct l_pool *p = list_entry(waiter, struct l_pool, waiter);

	atomic_store(&p->board->master_asleep, 1);
	if (!pool_has_answers(p))
		return 0;
	l_event_queue(&p->event);
	return 1;
}

static void
pool_after_wait(struct l_waiter *waiter)
{
	struct l_pool *p = list_entry(waiter, struct l_pool, waiter);

	atomic_store(&p->board->master_asleep, 0);
}

/* The doorbell. */

void
l_pool_ring(struct l_pool *p, uint32_t slot, unsigned if_asleep)
{
	struct l_worker *w = &p->workers[slot];
	uint32_t asleep = if_asleep;

	if (w->state != WORKER_LIVE || atomic_load(
	    &p->board->slot[slot].asleep) != if_asleep ||
	    !atomic_compare_exchange_strong(&p->board->slot[slot].asleep,
	    &asleep, 0))
		return;
	/* A full socket holds rings enough. */
	send(w->bell.fd, "!", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void
l_pool_wake(struct l_pool *p)
{
	uint32_t cells, spinning, i;

	atomic_thread_fence(memory_order_seq_cst);
	/* Of all that wait: a spinner may have been counted on before. */
	cells = board_waiting(p->board);
	spinning = atomic_load(&p->board->spinners);
	cells = cells > spinning ? cells - spinning : 0;
	for (i = 0; i < p->slots && cells > 0; i++)
		if (atomic_load(&p->board->slot[i].asleep) == 1) {
			l_pool_ring(p, i, 1);
			cells--;
		}
}

/* Making a pool. */

static int
pool_open(struct l_pool *p, uint32_t slots)
{
	size_t size = board_size(slots);

	if ((p->fd = area_file()) == -1 ||
	    area_map(&p->area, p->fd, 0, size) == -1 ||
	    arena_open(&p->arena, p->fd, size) == -1 ||
	    (p->workers = calloc(slots, sizeof *p->workers)) == NULL ||
	    (p->scratch = malloc(POOL_SCRATCH)) == NULL)
		return -1;
	p->scratch_size = POOL_SCRATCH;
	p->board = (struct board *)(void *)p->area.base;
	p->slots = slots;
	board_init(p->board, slots);
	return 0;
}

/*
 * new(handler, slots): a pool without workers, with places for so many.
 * handler(pool) is called when something came: it pumps.
 */
static int
l_pool_new(lua_State *L)
{
	lua_Integer slots = luaL_checkinteger(L, 2), i;
	struct l_pool *p;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	p = lua_newuserdatauv(L, sizeof *p, 2);
	memset(p, 0, sizeof *p);
	p->fd = -1;
	p->dead = true;
	p->loop = l_loop(L);
	list_init(&p->event.link);
	list_init(&p->waiter.link);
	list_init(&p->pending);
	list_init(&p->over);
	list_init(&p->link);
	luaL_setmetatable(L, L_POOL);
	p->event.deliver = pool_deliver;
	p->waiter.before = pool_before_wait;
	p->waiter.after = pool_after_wait;
	for (i = 0; i < BOARD_CELLS; i++)
		p->spare[i] = (uint16_t)(BOARD_CELLS - 1 - i);
	p->spare_len = BOARD_CELLS;
	if (pool_open(p, (uint32_t)slots) == -1)
		return l_fail(L, "shared memory", errno);
	p->dead = false;
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, POOL_HANDLER);
	lua_newtable(L);
	lua_setiuservalue(L, -2, POOL_LIVE);
	l_handle_keep(L, p);
	l_waiter_add(&p->waiter);
	list_append(&l_pools, &p->link);
	return 1;
}

static int
pool_grow(struct marshal_out *out, size_t need)
{
	struct l_pool *p = list_entry(out, struct l_pool, out);
	size_t have = (size_t)(out->p - p->scratch);
	size_t size = p->scratch_size * 2;
	char *scratch;

	while (size < have + need)
		size *= 2;
	if ((scratch = realloc(p->scratch, size)) == NULL)
		return -1;
	p->scratch = scratch;
	p->scratch_size = size;
	out->base = scratch;
	out->p = scratch + have;
	out->end = scratch + size;
	return 0;
}

void
l_pool_encode_begin(struct l_pool *p)
{
	char *scratch;

	if (p->scratch_size > POOL_SCRATCH_KEPT &&
	    (scratch = realloc(p->scratch, POOL_SCRATCH)) != NULL) {
		p->scratch = scratch;
		p->scratch_size = POOL_SCRATCH;
	}
	p->out = (struct marshal_out){ p->scratch, p->scratch,
	    p->scratch + p->scratch_size, pool_grow };
}

/* Encode the value at the top, popped; on failure nil and why are pushed. */
int
l_pool_encode(lua_State *L, struct l_pool *p, int flags)
{
	if (marshal_encode(L, -1, &p->out, flags) == 0) {
		lua_pop(L, 1);
		return 0;
	}
	lua_pushnil(L);
	lua_insert(L, -2);
	return -1;
}

/*
 * boot(value): what each worker starts with, the registered types before it.
 * true, or nil and why it cannot be sent.
 */
static int
l_pool_boot(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	size_t n;

	lua_settop(L, 2);
	l_pool_encode_begin(p);
	marshal_registered(L);
	if (l_pool_encode(L, p, MARSHAL_TYPES) == -1 ||
	    l_pool_encode(L, p, 0) == -1)
		return 2;
	n = (size_t)(p->out.p - p->scratch);
	if ((p->boot = arena_take(&p->arena, n)) == NULL)
		return l_fail(L, "shared memory", errno);
	memcpy(arena_bytes(&p->arena, p->boot), p->scratch, n);
	p->board->boot_at = p->boot->offset;
	p->board->boot_len = n;
	lua_pushboolean(L, 1);
	return 1;
}

/* can_send(value): true, or nil and why not. */
static int
l_pool_can_send(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);

	lua_settop(L, 2);
	l_pool_encode_begin(p);
	if (l_pool_encode(L, p, 0) == -1)
		return 2;
	lua_pushboolean(L, 1);
	return 1;
}

static lua_Integer
l_pool_field(lua_State *L, const char *name)
{
	lua_Integer n;

	lua_getfield(L, 2, name);
	n = lua_tointeger(L, -1);
	lua_pop(L, 1);
	return n;
}

/* limits{max_tasks=, max_memory=, seed=, spinners=} */
static int
l_pool_limits(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);

	luaL_checktype(L, 2, LUA_TTABLE);
	p->board->max_tasks = (uint64_t)l_pool_field(L, "max_tasks");
	p->board->max_memory = (uint64_t)l_pool_field(L, "max_memory");
	p->board->seed = (uint64_t)l_pool_field(L, "seed");
	p->board->spinners_max = (uint32_t)l_pool_field(L, "spinners");
	return 0;
}

/* What happened. */

/* {"gone", nil, nil, slot, pid, code, signal, retired, served}: and it is. */
static void
pool_bury(lua_State *L, int events, struct l_pool *p, uint32_t slot)
{
	struct l_worker *w = &p->workers[slot];
	uint32_t state = atomic_load(&p->board->slot[slot].state);

	lua_createtable(L, 9, 0);
	lua_pushliteral(L, "gone");
	lua_rawseti(L, -2, 1);
	lua_pushinteger(L, slot);
	lua_rawseti(L, -2, 4);
	lua_pushinteger(L, w->child.pid);
	lua_rawseti(L, -2, 5);
	lua_pushinteger(L, w->child.end.code);
	lua_rawseti(L, -2, 6);
	lua_pushinteger(L, w->child.end.signal);
	lua_rawseti(L, -2, 7);
	lua_pushboolean(L, state == SLOT_RETIRED);
	lua_rawseti(L, -2, 8);
	lua_pushboolean(L, state != SLOT_STARTING);
	lua_rawseti(L, -2, 9);
	lua_rawseti(L, events, (lua_Integer)lua_rawlen(L, events) + 1);
	l_worker_release(w);
	board_settle(p->board, slot);
	/* It may have died looking for work. */
	atomic_store(&p->board->spinners, 0);
}

/*
 * {"retired", nil, nil, slot}: it touches nothing any more, so what it had not
 * begun goes on, and the next worker may start while this one ends.
 */
static void
pool_retire(lua_State *L, int events, struct l_pool *p, uint32_t slot)
{
	l_batch_drain(L, 1, events, slot);
	l_batch_inherit(L, 1, events, slot);
	board_settle(p->board, slot);
	p->workers[slot].retired = true;
	lua_createtable(L, 4, 0);
	lua_pushliteral(L, "retired");
	lua_rawseti(L, -2, 1);
	lua_pushinteger(L, slot);
	lua_rawseti(L, -2, 4);
	lua_rawseti(L, events, (lua_Integer)lua_rawlen(L, events) + 1);
}

/*
 * pump(events): take in what workers answered, put up more, and append to
 * events what Lua must decide about:
 *
 *	an owner: the batch it owns is over
 *	{"failed", owner, index, kind, text, traceback, value, seconds,
 *	 pid}
 *	{"unsendable", owner, index, text}
 *	{"lost", owner, index, slot, seconds}: the task that a worker died in; then
 *	{"gone", nil, nil, slot, pid, code, signal, retired, served}
 *	{"retired", nil, nil, slot}: it ends, having done its share
 *	{"refused", nil, nil, slot, text, traceback}: it could not start
 *
 * Returns how many there are.
 */
static int
l_pool_pump(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	uint32_t i;

	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	if (p->draining)
		return luaL_error(L, "the pool is reading an answer: a load "
		    "function cannot call it");
	for (i = 0; i < p->slots; i++) {
		if (p->workers[i].state == WORKER_NONE)
			continue;
		l_batch_drain(L, 1, 2, i);
		if (!p->workers[i].retired &&
		    atomic_load(&p->board->slot[i].state) == SLOT_RETIRED)
			pool_retire(L, 2, p, i);
		if (p->workers[i].state != WORKER_ENDED)
			continue;
		l_batch_drain(L, 1, 2, i);
		l_batch_inherit(L, 1, 2, i);
		pool_bury(L, 2, p, i);
	}
	if (!list_empty(&p->pending))
		l_batch_feed(L, 1, 2);
	l_batch_balance(p);
	l_batch_sweep(L, 1);
	lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 2));
	return 1;
}

static inline void
pool_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/*
 * spin(cpus): look for answers a little while, as long as a processor is free.
 * True when there are some.
 */
static int
l_pool_spin(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	lua_Integer cpus = luaL_checkinteger(L, 2);
	int64_t end;
	bool found = pool_has_answers(p);
	int i;

	if (!found && (lua_Integer)l_pool_busy(p) < cpus) {
		end = loop_clock() + POOL_SPIN;
		while (!found && loop_clock() < end)
			for (i = 0; i < 40 && !(found = pool_has_answers(p)); i++)
				pool_pause();
	}
	lua_pushboolean(L, found);
	return 1;
}

/* close(): nothing more will be submitted; idle workers end. */
static int
l_pool_close(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	uint32_t i;

	atomic_store(&p->board->closing, 1);
	for (i = 0; i < p->slots; i++)
		l_pool_ring(p, i, 1);
	return 0;
}

/* unended(): tasks submitted that have no end yet. */
static int
l_pool_unended(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)l_pool_check(L, 1)->unended);
	return 1;
}

/*
 * free(): end what is left by SIGKILL, and give back memory and descriptors.
 * Also its __gc and __close.
 */
static int
l_pool_free(lua_State *L)
{
	struct l_pool *p = luaL_checkudata(L, 1, L_POOL);
	uint32_t i;

	if (p->fd == -1 && p->workers == NULL)
		return 0;
	list_remove(&p->event.link);
	list_remove(&p->waiter.link);
	list_remove(&p->link);
	for (i = 0; p->workers != NULL && i < p->slots; i++) {
		if (p->workers[i].state == WORKER_LIVE) {
			kill(-p->workers[i].child.pid, SIGKILL);
			kill(p->workers[i].child.pid, SIGKILL);
			if (!p->workers[i].remote)
				child_await(&p->workers[i].child);
		}
		if (p->workers[i].state != WORKER_NONE)
			l_worker_release(&p->workers[i]);
	}
	/* Batches may outlive us, and each other. */
	while (list_shift(&p->pending) != NULL || list_shift(&p->over) != NULL)
		continue;
	p->dead = true;
	arena_close(&p->arena);
	area_unmap(&p->area);
	fd_close(&p->fd);
	free(p->workers);
	free(p->scratch);
	p->workers = NULL;
	p->scratch = NULL;
	return 0;
}

static const luaL_Reg methods[] = {
	{ "boot", l_pool_boot },
	{ "can_send", l_pool_can_send },
	{ "limits", l_pool_limits },
	{ "forkserver", l_pool_forkserver },
	{ "hire", l_pool_hire },
	{ "kill", l_pool_kill },
	{ "running", l_pool_running },
	{ "seize", l_pool_seize },
	{ "seize_any", l_pool_seize_any },
	{ "submit", l_batch_submit },
	{ "pump", l_pool_pump },
	{ "spin", l_pool_spin },
	{ "close", l_pool_close },
	{ "unended", l_pool_unended },
	{ "stats", l_pool_stats },
	{ "free", l_pool_free },
	{ "__gc", l_pool_free },
	{ "__close", l_pool_free },
	{ NULL, NULL }
};

/*
 * register(name, metatable, load): of prun.register. registered(): all that
 * were, name = {metatable, load}.
 */
static int
l_pool_register(lua_State *L)
{
	luaL_checkstring(L, 1);
	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 3);
	marshal_register(L, 1, 2, 3);
	return 0;
}

static int
l_pool_registered(lua_State *L)
{
	marshal_registered(L);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "new", l_pool_new },
	{ "register", l_pool_register },
	{ "registered", l_pool_registered },
	{ NULL, NULL }
};

static const struct {
	const char *name;
	int value;
} flags[] = {
	{ "COUNTED", CELL_COUNTED }, { "ALL", CELL_ALL },
	{ "URGENT", CELL_URGENT }, { "SEEDED", CELL_SEEDED }
};

int
luaopen_prun_core_pool(lua_State *L)
{
	size_t i;

	l_class(L, L_POOL, methods);
	l_batch_class(L);
	luaL_newlib(L, functions);
	for (i = 0; i < sizeof flags / sizeof *flags; i++) {
		lua_pushinteger(L, flags[i].value);
		lua_setfield(L, -2, flags[i].name);
	}
	return 1;
}
