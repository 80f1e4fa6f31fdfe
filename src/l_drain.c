/* l_drain.c owns reading what workers answer. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "l_pool.h"

/* An answer larger than this does not keep its memory. */
enum { DRAIN_KEPT = 1 << 21 };

/* Where the results of the batch are; pushed once for its many tasks. */
struct drain {
	lua_State *L;
	int pool, events;
	struct l_pool *p;
	struct l_worker *w;
	struct l_batch *batch;		/* whose results are on the stack */
	int results;			/* at this index */
};

static struct l_batch *
drain_batch(struct drain *d)
{
	struct l_batch *b = d->p->cells[d->w->cell].batch;

	if (b != d->batch) {
		l_batch_push(d->L, d->pool, b);
		lua_getiuservalue(d->L, -1, BATCH_RESULTS);
		lua_replace(d->L, d->results);
		lua_pop(d->L, 1);
		d->batch = b;
	}
	return b;
}

/* The number of the task whose end comes now, in its batch. */
static uint64_t
drain_index(struct drain *d, const struct l_batch *b)
{
	return d->p->board->cells[d->w->cell].first - b->first + d->w->item;
}

static void
drain_broken(struct drain *d)
{
	luaL_error(d->L, "internal error: a worker's answer cannot be read");
}

static void
drain_decode(struct drain *d, const char **at, const char *end)
{
	if (marshal_decode(d->L, at, end, MARSHAL_PLAIN) == -1)
		lua_error(d->L);
}

static uint32_t
drain_u32(const char **at)
{
	uint32_t n;

	memcpy(&n, *at, sizeof n);
	*at += sizeof n;
	return n;
}

/* The end of the present task was read. */
static void
drain_next(struct drain *d, struct l_batch *b, bool ended, uint64_t i)
{
	uint32_t cell = d->w->cell;

	d->w->item++;
	if (ended) {
		l_batch_end(b, i);
		if (b->left == 0) {
			l_batch_finish(d->L, d->pool, d->events, b);
			d->batch = NULL;
		}
	}
	l_cell_less(d->p, cell, 1);
}

static void
drain_value(struct drain *d, const char **at, const char *end)
{
	struct l_batch *b = drain_batch(d);
	uint64_t i = drain_index(d, b);
	bool wanted = !l_batch_is_done(b, i);

	drain_decode(d, at, end);
	if (wanted)
		lua_rawseti(d->L, d->results, (lua_Integer)i + 1);
	else
		lua_pop(d->L, 1);
	drain_next(d, b, wanted, i);
}

static void
drain_values(struct drain *d, const char **at, const char *end)
{
	struct l_batch *b = drain_batch(d);
	uint64_t i = drain_index(d, b);
	uint32_t n = drain_u32(at), k;
	bool wanted = !l_batch_is_done(b, i);

	for (k = 1; k <= n; k++) {
		drain_decode(d, at, end);
		if (wanted)
			lua_rawseti(d->L, d->results, k);
		else
			lua_pop(d->L, 1);
	}
	lua_pushinteger(d->L, n);
	lua_setfield(d->L, d->results, "n");
	drain_next(d, b, wanted, i);
}

/* {"failed", owner, index, kind, text, traceback, value, seconds, pid} */
static void
drain_error(struct drain *d, const char **at, const char *end)
{
	struct l_batch *b = drain_batch(d);
	uint64_t i = drain_index(d, b);

	lua_pushlstring(d->L, (*at)++, 1);
	drain_decode(d, at, end);
	drain_decode(d, at, end);
	drain_decode(d, at, end);
	drain_decode(d, at, end);
	lua_pushinteger(d->L, d->w->child.pid);
	if (l_batch_is_done(b, i))
		lua_pop(d->L, 6);
	else
		l_batch_event(d->L, d->pool, d->events, b, "failed", i, 6);
	drain_next(d, b, false, i);
}

/* {"refused", nil, nil, slot, text, traceback} */
static void
drain_refused(struct drain *d, const char **at, const char *end)
{
	d->w->refused = true;
	lua_pushinteger(d->L, (lua_Integer)(d->w - d->p->workers));
	drain_decode(d, at, end);
	drain_decode(d, at, end);
	l_batch_event(d->L, d->pool, d->events, NULL, "refused", 0, 3);
}

static void
drain_output(const char **at)
{
	uint32_t n = drain_u32(at);

	fwrite(*at, 1, n, stdout);
	*at += n;
}

static void drain_record(struct drain *, const char **, const char *);

/* The area behind the ring, of which n bytes were used, is the worker's again. */
static void
drain_let_go(struct drain *d, uint64_t n)
{
	struct area *area = &d->w->ring.overflow;

	if (n > DRAIN_KEPT)
		area_discard(area, 0, area->size);
	atomic_store(&d->w->ring.slot->overflow, 0);
	l_pool_ring(d->p, (uint32_t)(d->w - d->p->workers), 2);
}

/* The record lies in the area behind the ring; then the worker may go on. */
static void
drain_overflow(struct drain *d, const char **at)
{
	struct area *area = &d->w->ring.overflow;
	const char *from;
	uint64_t n;

	memcpy(&n, *at, sizeof n);
	*at += sizeof n;
	if (area_reach(area, n) == -1)
		luaL_error(d->L, "not enough memory for a worker's answer");
	d->p->bytes_in += n;
	from = area->base;
	drain_record(d, &from, from + n);
	drain_let_go(d, n);
}

static void
drain_record(struct drain *d, const char **at, const char *end)
{
	switch (*(*at)++) {
	case RING_VALUE:
		drain_value(d, at, end);
		break;
	case RING_VALUES:
		drain_values(d, at, end);
		break;
	case RING_BEGIN:
		d->w->cell = drain_u32(at);
		d->w->item = 0;
		break;
	case RING_ERROR:
		drain_error(d, at, end);
		break;
	case RING_OUTPUT:
		drain_output(at);
		break;
	case RING_REFUSED:
		drain_refused(d, at, end);
		break;
	case RING_OVERFLOW:
		drain_overflow(d, at);
		break;
	default:
		drain_broken(d);
	}
}

/* What a record holds goes by unread: n values. */
static void
drain_skip(struct drain *d, const char **at, const char *end, uint32_t n)
{
	while (n-- > 0)
		if (marshal_skip(at, end) == -1)
			drain_broken(d);
}

static int
drain_to_string(lua_State *L)
{
	luaL_tolstring(L, 1, NULL);
	return 1;
}

/* Push the text of a value, whose __tostring may fail. */
static void
drain_text(lua_State *L, int index)
{
	index = lua_absindex(L, index);
	lua_pushcfunction(L, drain_to_string);
	lua_pushvalue(L, index);
	if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
		lua_pop(L, 1);
		lua_pushstring(L, luaL_typename(L, index));
	}
}

/*
 * The record at *at could not be decoded, for the reason at the top of the
 * stack, which is popped: its task fails, and what follows it can be read.
 */
static void
drain_failed(struct drain *d, const char **at, const char *end)
{
	struct l_batch *b = d->p->cells[d->w->cell].batch;
	uint64_t i = drain_index(d, b);

	switch (*(*at)++) {
	case RING_VALUE:
		drain_skip(d, at, end, 1);
		break;
	case RING_VALUES:
		drain_skip(d, at, end, drain_u32(at));
		break;
	case RING_ERROR:
		(*at)++;
		drain_skip(d, at, end, 4);
		break;
	default:
		drain_broken(d);
	}
	if (!l_batch_is_done(b, i)) {
		lua_pushliteral(d->L, "D");
		drain_text(d->L, -2);
		lua_pushnil(d->L);
		lua_pushnil(d->L);
		lua_pushnil(d->L);
		lua_pushinteger(d->L, d->w->child.pid);
		l_batch_event(d->L, d->pool, d->events, b, "failed", i, 6);
	}
	lua_pop(d->L, 1);
	drain_next(d, b, false, i);
}

/* The record at the front of the ring, which may be one in the area behind. */
static void
drain_give_up(struct drain *d)
{
	const char *from, *at, *in;
	uint64_t len;
	size_t n;

	from = at = ring_bytes(&d->w->ring, &n);
	if (*at == RING_OVERFLOW) {
		at++;
		memcpy(&len, at, sizeof len);
		at += sizeof len;
		in = d->w->ring.overflow.base;
		drain_failed(d, &in, in + len);
		drain_let_go(d, len);
	} else
		drain_failed(d, &at, from + n);
	ring_read(&d->w->ring, (size_t)(at - from));
}

/* (pool, events, drain) */
static int
drain_all(lua_State *L)
{
	struct drain *d = lua_touserdata(L, 3);
	const char *at, *from;
	size_t n;

	luaL_checkstack(L, 12, "answers");
	d->pool = 1;
	d->events = 2;
	d->batch = NULL;
	lua_pushnil(L);
	d->results = lua_gettop(L);
	from = ring_bytes(&d->w->ring, &n);
	while (n > 0) {
		at = from;
		drain_record(d, &at, from + n);
		n -= (size_t)(at - from);
		d->p->bytes_in += (size_t)(at - from);
		ring_read(&d->w->ring, (size_t)(at - from));
		from = at;
	}
	return 0;
}

void
l_batch_drain(lua_State *L, int pool, int events, uint32_t slot)
{
	struct drain d = { .L = L, .p = lua_touserdata(L, pool) };
	size_t n;

	d.w = &d.p->workers[slot];
	ring_bytes(&d.w->ring, &n);
	if (n == 0)
		return;
	luaL_checkstack(L, 12, "answers");
	d.p->draining = true;
	for (;;) {
		lua_pushcfunction(L, drain_all);
		lua_pushvalue(L, pool);
		lua_pushvalue(L, events);
		lua_pushlightuserdata(L, &d);
		if (lua_pcall(L, 3, 0, 0) == LUA_OK)
			break;
		d.pool = pool;
		d.events = events;
		drain_give_up(&d);
	}
	d.p->draining = false;
	l_pool_ring(d.p, slot, 2);
}
