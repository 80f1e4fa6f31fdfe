/* l_stats.c owns the figures of a pool. */
#include "config.h"

#include "l_pool.h"

uint32_t
l_pool_busy(const struct l_pool *p)
{
	uint32_t i, n = 0;

	for (i = 0; i < p->slots; i++)
		n += p->workers[i].state == WORKER_LIVE &&
		    !board_range(p->board, i).none;
	return n;
}

static void
l_pool_number(lua_State *L, const char *name, lua_Number n)
{
	lua_pushnumber(L, n);
	lua_setfield(L, -2, name);
}

static void
l_pool_count(lua_State *L, const char *name, uint64_t n)
{
	lua_pushinteger(L, (lua_Integer)n);
	lua_setfield(L, -2, name);
}

static void
worker_stats(lua_State *L, const struct l_pool *p, uint32_t i)
{
	const struct board_slot *s = &p->board->slot[i];
	int64_t served = atomic_load(&s->served), busy = atomic_load(&s->busy);
	int64_t now = loop_clock();

	lua_createtable(L, 0, 6);
	l_pool_count(L, "slot", i);
	l_pool_count(L, "pid", (uint64_t)p->workers[i].child.pid);
	l_pool_count(L, "tasks", atomic_load(&s->tasks));
	l_pool_number(L, "busy", (lua_Number)busy / 1e9);
	l_pool_number(L, "idle", served ?
	    (lua_Number)(now - served - busy) / 1e9 : 0);
	l_pool_number(L, "startup", (lua_Number)((served ? served : now) -
	    p->workers[i].hired) / 1e9);
}

/* stats(): as the face's pool:stats() has it. */
int
l_pool_stats(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	uint32_t i, running = l_pool_busy(p);
	lua_Integer n = 0;

	lua_createtable(L, 0, 8);
	l_pool_count(L, "tasks", p->tasks_done);
	l_pool_count(L, "running", running);
	l_pool_count(L, "queued", p->unended > running ?
	    p->unended - running : 0);
	l_pool_count(L, "lost", p->lost);
	l_pool_count(L, "bytes_out", p->bytes_out);
	l_pool_count(L, "bytes_in", p->bytes_in);
	lua_newtable(L);
	for (i = 0; i < p->slots; i++)
		if (p->workers[i].state == WORKER_LIVE) {
			worker_stats(L, p, i);
			lua_rawseti(L, -2, ++n);
		}
	lua_setfield(L, -2, "workers");
	return 1;
}
