/* l_batch.c owns tasks between submission and end: encoding, feeding, results. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "l_pool.h"

enum {
	BATCH_SLICE = 1 << 15,		/* bytes of arguments a cell, about */
	BATCH_AHEAD = 512,		/* cells waiting to be taken, at most */
	BATCH_ARGUMENTS = 250000	/* of a task: what Lua can be called with */
};

/* Tasks and their ends. */

bool
l_batch_is_done(const struct l_batch *b, uint64_t i)
{
	return b->done[i / 8] >> i % 8 & 1;
}

static void
batch_is_over(struct l_batch *b)
{
	list_remove(&b->link);
	list_append(&b->pool->over, &b->link);
}

void
l_batch_finish(lua_State *L, int pool, int events, struct l_batch *b)
{
	l_batch_push(L, pool, b);
	lua_getiuservalue(L, -1, BATCH_OWNER);
	lua_rawseti(L, events, (lua_Integer)lua_rawlen(L, events) + 1);
	lua_pop(L, 1);
	batch_is_over(b);
}

void
l_batch_sweep(lua_State *L, int pool)
{
	struct l_pool *p = lua_touserdata(L, pool);
	struct list *l, *next;
	struct l_batch *b;

	for (l = p->over.next; l != &p->over; l = next) {
		next = l->next;
		b = list_entry(l, struct l_batch, link);
		if (b->cells > 0)
			continue;
		list_remove(l);
		lua_getiuservalue(L, pool, POOL_LIVE);
		lua_pushnil(L);
		lua_rawsetp(L, -2, b);
		lua_pop(L, 1);
	}
}

/* Task i has its end. */
void
l_batch_end(struct l_batch *b, uint64_t i)
{
	b->done[i / 8] |= (unsigned char)(1 << i % 8);
	if (b->ordered)
		b->order[b->order_len++] = (uint32_t)i;
	b->left--;
	b->pool->unended--;
	b->pool->tasks_done++;
}

void
l_batch_push(lua_State *L, int pool, struct l_batch *b)
{
	lua_getiuservalue(L, pool, POOL_LIVE);
	lua_rawgetp(L, -1, b);
	lua_replace(L, -2);
}

/*
 * Append an event: {type, owner, index, ...} with the n values at the top of
 * the stack behind, which are popped.
 */
void
l_batch_event(lua_State *L, int pool, int events, struct l_batch *b,
    const char *type, uint64_t i, int n)
{
	int k;

	lua_createtable(L, n + 3, 0);
	lua_insert(L, -n - 1);
	for (k = n; k >= 1; k--)
		lua_rawseti(L, -k - 1, k + 3);
	lua_pushstring(L, type);
	lua_rawseti(L, -2, 1);
	if (b != NULL) {
		l_batch_push(L, pool, b);
		lua_getiuservalue(L, -1, BATCH_OWNER);
		lua_rawseti(L, -3, 2);
		lua_pop(L, 1);
		lua_pushinteger(L, (lua_Integer)i + 1);
		lua_rawseti(L, -2, 3);
	}
	lua_rawseti(L, events, (lua_Integer)lua_rawlen(L, events) + 1);
}

/* Encoding. */

/* What was encoded, as a block. NULL with errno. */
static struct arena_block *
batch_block(struct l_pool *p)
{
	size_t n = (size_t)(p->out.p - p->scratch);
	struct arena_block *block = arena_take(&p->arena, n ? n : 1);

	if (block == NULL)
		return NULL;
	memcpy(arena_bytes(&p->arena, block), p->scratch, n);
	p->bytes_out += n;
	return block;
}

/* A list's values as the arguments of one task. The refusal is on the stack. */
static int
batch_encode_list(lua_State *L, struct marshal_out *out, int list)
{
	lua_Integer n, i;
	uint32_t count;

	if (lua_getfield(L, list, "n") == LUA_TNUMBER &&
	    lua_isinteger(L, -1))
		n = lua_tointeger(L, -1);
	else
		n = (lua_Integer)lua_rawlen(L, list);
	lua_pop(L, 1);
	if (n < 0 || n > BATCH_ARGUMENTS) {
		lua_pushfstring(L, "a list of %I arguments (its field n)",
		    (LUAI_UACINT)n);
		return -1;
	}
	count = (uint32_t)n;
	if ((size_t)(out->end - out->p) < sizeof count &&
	    out->grow(out, sizeof count) == -1)
		return luaL_error(L, "not enough memory");
	memcpy(out->p, &count, sizeof count);
	out->p += sizeof count;
	for (i = 1; i <= (lua_Integer)count; i++) {
		lua_rawgeti(L, list, i);
		if (marshal_encode(L, -1, out, 0) == -1) {
			lua_pushfstring(L, "argument %I: %s", i,
			    lua_tostring(L, -1));
			return -1;
		}
		lua_pop(L, 1);
	}
	return 0;
}

/* The task whose input is at the top of the stack. */
static int
batch_encode_task(lua_State *L, const struct l_batch *b,
    struct marshal_out *out)
{
	if (!(b->flags & CELL_COUNTED))
		return marshal_encode(L, -1, out, 0);
	if (lua_type(L, -1) != LUA_TTABLE) {
		lua_pushfstring(L, "a list of arguments expected, got %s",
		    luaL_typename(L, -1));
		return -1;
	}
	return batch_encode_list(L, out, lua_gettop(L));
}

/*
 * Encode tasks from b->next on, so many at most, until a slice is full:
 * (batch, input, most) as light userdata, table, integer. Moves *next on, so
 * that an error raised tells by it which task is to blame.
 */
static int
batch_encode_slice(lua_State *L)
{
	struct l_batch *b = lua_touserdata(L, 1);
	struct l_pool *p = b->pool;
	lua_Integer most = lua_tointeger(L, 3);
	size_t mark;

	for (; most > 0; most--) {
		if (b->single)
			lua_pushvalue(L, 2);
		else
			lua_rawgeti(L, 2, (lua_Integer)b->next + 1);
		mark = (size_t)(p->out.p - p->scratch);
		if (batch_encode_task(L, b, &p->out) == -1) {
			p->out.p = p->scratch + mark;
			return 1;
		}
		lua_settop(L, 3);
		b->next++;
		if (p->out.p - p->scratch >= BATCH_SLICE)
			break;
	}
	return 0;
}

/* How many tasks the next cell may hold. */
static uint32_t
batch_share(const struct l_batch *b)
{
	uint64_t n = b->total - b->next;

	if (n > b->chunk)
		n = b->chunk;
	return (uint32_t)(n > BOARD_MAX ? BOARD_MAX : n);
}

/* Put up what was encoded, tasks from i on. False when there is no memory. */
static bool
batch_put(struct l_batch *b, uint64_t i, uint32_t n)
{
	struct arena_block *block = batch_block(b->pool);

	if (block == NULL)
		return false;
	l_cell_put(b->pool, b, block, block->offset, block->len, b->first + i,
	    n);
	return true;
}

/* Put up one cell of b. False when there was no memory: try again later. */
static bool
batch_feed_cell(lua_State *L, int pool, int events, struct l_batch *b)
{
	uint64_t first = b->next;
	int status;

	l_pool_encode_begin(b->pool);
	lua_pushcfunction(L, batch_encode_slice);
	lua_pushlightuserdata(L, b);
	l_batch_push(L, pool, b);
	lua_getiuservalue(L, -1, BATCH_INPUT);
	lua_replace(L, -2);
	lua_pushinteger(L, batch_share(b));
	status = lua_pcall(L, 3, 1, 0);
	if (b->next > first &&
	    !batch_put(b, first, (uint32_t)(b->next - first))) {
		b->next = first;
		lua_pop(L, 1);
		return false;
	}
	if (status == LUA_OK && lua_isnil(L, -1)) {
		lua_pop(L, 1);
		return true;
	}
	l_batch_event(L, pool, events, b, "unsendable", b->next++, 1);
	return true;
}

/* Put up a task that gets another chance, alone. As batch_feed_cell. */
static bool
batch_feed_again(lua_State *L, int pool, int events, struct l_batch *b)
{
	uint64_t next = b->next;
	uint32_t chunk = b->chunk;
	bool fed;

	b->next = b->again[b->again_len - 1];
	b->chunk = 1;
	fed = batch_feed_cell(L, pool, events, b);
	b->next = next;
	b->chunk = chunk;
	b->again_len -= fed;
	return fed;
}

void
l_batch_feed(lua_State *L, int pool, int events)
{
	struct l_pool *p = lua_touserdata(L, pool);
	struct l_batch *b;
	uint32_t n = 0;

	while (!list_empty(&p->pending) &&
	    p->spare_len > BATCH_RESERVE && n < BATCH_AHEAD &&
	    board_waiting(p->board) < BATCH_AHEAD) {
		b = list_entry(p->pending.next, struct l_batch, link);
		if (b->again_len == 0 && b->next >= b->total) {
			list_remove(&b->link);
			continue;
		}
		if (!(b->again_len > 0 ? batch_feed_again :
		    batch_feed_cell)(L, pool, events, b))
			break;
		/* Soon enough for those who wait, in few system calls. */
		if (++n % 16 == 1)
			l_pool_wake(p);
	}
	atomic_store_explicit(&p->board->hungry, !list_empty(&p->pending),
	    memory_order_relaxed);
	if (n > 0)
		l_pool_wake(p);
}

/* Submitting. */

/* The function at index as a block: the last one when it is the same. */
static int
batch_function(lua_State *L, struct l_pool *p, int index)
{
	struct arena_block *block = p->function;
	size_t n;

	l_pool_encode_begin(p);
	if (marshal_encode(L, index, &p->out, 0) == -1)
		return -1;
	n = (size_t)(p->out.p - p->scratch);
	if (block != NULL && block->len == n &&
	    memcmp(arena_bytes(&p->arena, block), p->scratch, n) == 0)
		return 0;
	if ((block = batch_block(p)) == NULL) {
		lua_pushliteral(L, "not enough memory");
		return -1;
	}
	arena_drop(&p->arena, p->function);
	p->function = block;
	p->functions++;
	return 0;
}

static struct l_batch *
batch_check(lua_State *L)
{
	return luaL_checkudata(L, 1, L_BATCH);
}

/* Memory of the batch that is no Lua value. Its __gc. */
static int
l_batch_gc(lua_State *L)
{
	struct l_batch *b = batch_check(L);

	if (b->done != &b->done_one)
		free(b->done);
	free(b->order);
	free(b->again);
	b->done = &b->done_one;
	b->order = b->again = NULL;
	/* A pool that is gone took its blocks with it. */
	if (b->function != NULL && !b->pool->dead)
		arena_drop(&b->pool->arena, b->function);
	b->function = NULL;
	return 0;
}

static struct l_batch *
batch_new(lua_State *L, struct l_pool *p, uint64_t total, bool ordered)
{
	struct l_batch *b = lua_newuserdatauv(L, sizeof *b, 4);

	memset(b, 0, sizeof *b);
	list_init(&b->link);
	b->pool = p;
	b->total = b->left = total;
	b->ordered = ordered;
	b->done = &b->done_one;
	luaL_setmetatable(L, L_BATCH);
	if (total > 8 && (b->done = calloc(total / 8 + 1, 1)) == NULL) {
		b->done = &b->done_one;
		luaL_error(L, "not enough memory");
	}
	if (ordered && (b->order = malloc((total + 1) *
	    sizeof *b->order)) == NULL)
		luaL_error(L, "not enough memory");
	return b;
}

/*
 * submit(owner, fn, input, total, flags, chunk, first, ordered): tasks that
 * call fn for each of the input's values 1 to total; total 0: one task, whose
 * arguments the input lists. flags: of the cells. Returns the batch, or nil and
 * why fn cannot be sent.
 */
int
l_batch_submit(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	lua_Integer total = luaL_checkinteger(L, 5);
	lua_Integer flags = luaL_checkinteger(L, 6);
	lua_Integer chunk = luaL_checkinteger(L, 7);
	lua_Integer first = luaL_checkinteger(L, 8);
	struct l_batch *b;

	luaL_checktype(L, 4, LUA_TTABLE);
	lua_settop(L, 9);
	if (batch_function(L, p, 3) == -1) {
		lua_pushnil(L);
		lua_insert(L, -2);
		return 2;
	}
	b = batch_new(L, p, total == 0 ? 1 : (uint64_t)total,
	    lua_toboolean(L, 9));
	b->single = total == 0;
	b->flags = (uint32_t)flags;
	b->chunk = (uint32_t)(chunk < 1 ? 1 : chunk > BOARD_MAX ? BOARD_MAX :
	    chunk);
	b->first = (uint64_t)first;
	b->function = p->function;
	b->function->users++;
	b->function_number = p->functions;
	lua_createtable(L, total < INT32_MAX ? (int)total : 0, 1);
	lua_setiuservalue(L, -2, BATCH_RESULTS);
	lua_pushvalue(L, 4);
	lua_setiuservalue(L, -2, BATCH_INPUT);
	lua_pushvalue(L, 2);
	lua_setiuservalue(L, -2, BATCH_OWNER);
	/* The pool, so that it is not collected before. */
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 4);
	lua_getiuservalue(L, 1, POOL_LIVE);
	lua_pushvalue(L, -2);
	lua_rawsetp(L, -2, b);
	lua_pop(L, 1);
	list_append(&p->pending, &b->link);
	p->unended += b->total;
	return 1;
}

/* batch:results(): the table that the results come to. */
static int
l_batch_results(lua_State *L)
{
	batch_check(L);
	lua_getiuservalue(L, 1, BATCH_RESULTS);
	return 1;
}

static uint64_t
batch_index(lua_State *L, const struct l_batch *b, int arg)
{
	lua_Integer i = luaL_checkinteger(L, arg);

	luaL_argcheck(L, i >= 1 && (uint64_t)i <= b->total, arg, "no such task");
	return (uint64_t)i - 1;
}

/* batch:is_done(index) */
static int
l_batch_ask_done(lua_State *L)
{
	struct l_batch *b = batch_check(L);

	lua_pushboolean(L, l_batch_is_done(b, batch_index(L, b, 2)));
	return 1;
}

/* batch:left(): tasks without an end. */
static int
l_batch_left(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)batch_check(L)->left);
	return 1;
}

/* batch:next_ended(): the numbers of ended tasks, in the order of their ends. */
static int
l_batch_next_ended(lua_State *L)
{
	struct l_batch *b = batch_check(L);

	if (b->order_read == b->order_len)
		return 0;
	lua_pushinteger(L, (lua_Integer)b->order[b->order_read++] + 1);
	return 1;
}

/*
 * batch:settle(index): the task ends now, whatever comes of it. True when the
 * batch has none left: then it is over, and no event tells.
 */
static int
l_batch_settle(lua_State *L)
{
	struct l_batch *b = batch_check(L);
	uint64_t i = batch_index(L, b, 2);

	if (!l_batch_is_done(b, i)) {
		l_batch_end(b, i);
		if (b->left == 0 && !b->pool->dead)
			batch_is_over(b);
	}
	lua_pushboolean(L, b->left == 0);
	return 1;
}

/* batch:again(index): put the task up once more, before all else. */
static int
l_batch_again(lua_State *L)
{
	struct l_batch *b = batch_check(L);
	uint64_t i = batch_index(L, b, 2), size = b->again_size * 2 + 8;
	uint32_t *again;

	if (b->again_len == b->again_size) {
		if ((again = realloc(b->again, size * sizeof *again)) == NULL)
			return luaL_error(L, "not enough memory");
		b->again = again;
		b->again_size = size;
	}
	b->again[b->again_len++] = (uint32_t)i;
	list_remove(&b->link);
	list_prepend(&b->pool->pending, &b->link);
	return 0;
}

/* Append the numbers of n tasks from i on to the list at the top. */
static void
batch_list(lua_State *L, uint64_t i, uint64_t n)
{
	lua_Integer len = (lua_Integer)lua_rawlen(L, -1);

	while (n-- > 0) {
		lua_pushinteger(L, (lua_Integer)(++i));
		lua_rawseti(L, -2, ++len);
	}
}

static void
batch_take_back(lua_State *L, struct l_batch *b, uint32_t cell, uint32_t from,
    uint32_t n)
{
	batch_list(L, b->pool->board->cells[cell].first - b->first + from, n);
	l_cell_less(b->pool, cell, n);
}

/*
 * batch:withdraw(): take back every task that has not begun. Returns a list of
 * their numbers; each still needs its end (settle).
 */
static int
l_batch_withdraw(lua_State *L)
{
	struct l_batch *b = batch_check(L);
	struct l_pool *p = b->pool;
	struct board_range r;
	uint32_t cell, from, n, i;

	lua_newtable(L);
	batch_list(L, b->next, b->total - b->next);
	b->next = b->total;
	while (b->again_len > 0)
		batch_list(L, b->again[--b->again_len], 1);
	for (cell = 0; cell < BOARD_CELLS; cell++)
		if (p->cells[cell].batch == b &&
		    board_withdraw(p->board, cell)) {
			n = p->board->cells[cell].count;
			batch_take_back(L, b, cell, 0, n);
		}
	for (i = 0; i < p->slots; i++) {
		r = board_range(p->board, i);
		if (r.none || p->cells[r.cell].batch != b || p->spare_len == 0)
			continue;
		n = board_revoke(p->board, i, true, &cell, &from);
		if (n > 0 && p->cells[cell].batch == b)
			batch_take_back(L, b, cell, from, n);
		else if (n > 0)
			/* It went on to another's meanwhile: as it was. */
			l_cell_split(p, cell, from, n);
	}
	return 1;
}

static const luaL_Reg batch_methods[] = {
	{ "results", l_batch_results },
	{ "is_done", l_batch_ask_done },
	{ "left", l_batch_left },
	{ "next_ended", l_batch_next_ended },
	{ "settle", l_batch_settle },
	{ "again", l_batch_again },
	{ "withdraw", l_batch_withdraw },
	{ "__gc", l_batch_gc },
	{ NULL, NULL }
};

void
l_batch_class(lua_State *L)
{
	l_class(L, L_BATCH, batch_methods);
}
