/* task.c owns running tasks: decode, call, answer, and what goes wrong. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"
#include "worker_impl.h"

enum { WORKER_FUNCTIONS = 32 };		/* kept decoded */

/* The stack of the slice: what it keeps while tasks run. */
enum { AT_FUNCTION = 1, AT_SEED };

static const char traceback_key;

/* Errors. */

/*
 * The text for a value that was raised: a __tostring of the user's is asked,
 * and may fail itself.
 */
static int
worker_text_of(lua_State *L)
{
	if (lua_type(L, 1) != LUA_TSTRING && lua_type(L, 1) != LUA_TNUMBER &&
	    luaL_getmetafield(L, 1, "__tostring") == LUA_TNIL) {
		lua_pushfstring(L, "(error object is a %s value)",
		    luaL_typename(L, 1));
		return 1;
	}
	luaL_tolstring(L, 1, NULL);
	return 1;
}

/* Keeps the traceback aside: the error itself stays as it was raised. */
int
worker_traceback(lua_State *L)
{
	if (w.phase == WORKER_CALLING) {
		luaL_traceback(L, L, NULL, 1);
		lua_rawsetp(L, LUA_REGISTRYINDEX, &traceback_key);
	}
	return 1;
}

/* Replace the error at the top of the stack by its text. */
static void
worker_push_text(lua_State *L)
{
	lua_pushcfunction(L, worker_text_of);
	lua_insert(L, -2);
	if (lua_pcall(L, 1, 1, 0) == LUA_OK && lua_isstring(L, -1))
		return;
	lua_pop(L, 1);
	lua_pushliteral(L, "(error object that cannot be shown)");
}

/* Append the message of a string or nil; a failure leaves nothing else to do. */
static void
record_add_value(lua_State *L, int index)
{
	if (marshal_encode(L, index, &w.out, MARSHAL_PLAIN) == -1) {
		lua_pop(L, 1);
		worker_exit(1);
	}
}

/* Whether the value at the top can be sent; a trial into the ring. */
static int
worker_try_value(lua_State *L)
{
	record_begin();
	if (marshal_encode(L, 1, &w.out, MARSHAL_PLAIN) == -1)
		return lua_error(L);
	return 0;
}

/* The error at the top of the stack, with a traceback kept, as a record. */
void
worker_send_error(lua_State *L, char type, char kind)
{
	int value = lua_gettop(L);

	luaL_checkstack(L, 6, "error");
	lua_pushvalue(L, value);
	worker_push_text(L);
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &traceback_key) != LUA_TSTRING) {
		lua_pop(L, 1);
		lua_pushnil(L);
	}
	lua_pushcfunction(L, worker_try_value);
	lua_pushvalue(L, value);
	if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
		lua_pushnil(L);
		lua_replace(L, value);
	}
	lua_settop(L, value + 2);
	record_begin();
	record_add(&type, 1);
	if (type == RING_ERROR)
		record_add(&kind, 1);
	record_add_value(L, value + 1);
	record_add_value(L, value + 2);
	if (type == RING_ERROR) {
		record_add_value(L, value);
		lua_pushnumber(L, (lua_Number)(loop_clock() - atomic_load(
		    &w.slot->begun)) / 1e9);
		record_add_value(L, value + 3);
	}
	record_end();
	lua_settop(L, value - 1);
	lua_pushnil(L);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &traceback_key);
}

/* Tasks. */

/* No task: the function is being got. */
#define NO_ITEM UINT32_MAX

/*
 * The next task of the cell is ours from now on, if there is one: as long as
 * it has no end, the cell and its memory stay. Without one they may be another's
 * at any moment.
 */
static void
worker_claim(void)
{
	atomic_store_explicit(&w.slot->begun, loop_clock(),
	    memory_order_relaxed);
	w.next = board_next(w.board, w.place.slot);
}

/* Push the function of the cell, decoded once. */
static void
worker_push_function(lua_State *L)
{
	const struct board_cell *c = &w.chunk;
	const char *p;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &worker_functions_key);
	if (lua_rawgeti(L, -1, c->function) != LUA_TNIL) {
		lua_replace(L, -2);
		return;
	}
	lua_pop(L, 2);
	p = w.tasks.base + c->function_at;
	if (marshal_decode(L, &p, p + c->function_len, 0) == -1)
		lua_error(L);
	/* The last few: a master that uses many does not fill our memory. */
	if (c->function % WORKER_FUNCTIONS == 0) {
		lua_newtable(L);
		lua_rawsetp(L, LUA_REGISTRYINDEX, &worker_functions_key);
	}
	lua_rawgetp(L, LUA_REGISTRYINDEX, &worker_functions_key);
	lua_pushvalue(L, -2);
	lua_rawseti(L, -2, c->function);
	lua_pop(L, 1);
}

/* Push the arguments of the next task; how many. */
static int
worker_push_arguments(lua_State *L)
{
	uint32_t n = 1, i;

	if (w.chunk.flags & CELL_COUNTED) {
		memcpy(&n, w.arguments, sizeof n);
		w.arguments += sizeof n;
		luaL_checkstack(L, (int)n + 4, "too many arguments");
	}
	for (i = 0; i < n; i++)
		if (marshal_decode(L, &w.arguments, w.end, 0) == -1)
			lua_error(L);
	return (int)n;
}

/* math.random gives a task what the seed and its number say. */
static void
worker_seed(lua_State *L)
{
	lua_pushvalue(L, AT_SEED);
	lua_pushinteger(L, (lua_Integer)w.board->seed);
	lua_pushinteger(L, (lua_Integer)(w.chunk.first + w.item));
	lua_call(L, 2, 0);
}

static void
worker_answer(lua_State *L, int first)
{
	uint32_t n = (uint32_t)(lua_gettop(L) - first + 1), i;
	char type = RING_VALUE;
	int r;

	w.phase = WORKER_ENCODING;
	worker_flush();
	record_begin();
	if (w.chunk.flags & CELL_ALL) {
		type = RING_VALUES;
		r = record_add(&type, 1);
		r |= record_add(&n, sizeof n);
		for (i = 0; i < n && r == 0; i++)
			if (marshal_encode(L, first + (int)i, &w.out,
			    MARSHAL_PLAIN) == -1)
				lua_error(L);
	} else {
		r = record_add(&type, 1);
		if (r == 0 && marshal_encode(L, first, &w.out,
		    MARSHAL_PLAIN) == -1)
			lua_error(L);
	}
	if (r == -1)
		luaL_error(L, "not enough memory for the answer");
	record_end();
}

/* Whether the worker has done what it may: tasks, or memory. */
static bool
worker_is_worn(void)
{
	char text[128];
	unsigned long pages;
	ssize_t n;

	if (w.board->max_tasks != 0 &&
	    atomic_load_explicit(&w.slot->tasks, memory_order_relaxed) >=
	    w.board->max_tasks)
		return true;
	if (w.board->max_memory == 0)
		return false;
	if (w.statm == -1)
		w.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if ((n = pread((int)w.statm, text, sizeof text - 1, 0)) <= 0)
		return false;
	text[n] = '\0';
	return sscanf(text, "%*u %lu", &pages) == 1 &&
	    pages * (unsigned long)sysconf(_SC_PAGESIZE) > w.board->max_memory;
}

static void
worker_count(void)
{
	atomic_store_explicit(&w.slot->tasks, atomic_load_explicit(
	    &w.slot->tasks, memory_order_relaxed) + 1, memory_order_relaxed);
}

/* What comes when the worker has done its share: the next one goes on. */
static void __attribute__((noreturn))
worker_retire(void)
{
	atomic_store(&w.slot->state, SLOT_RETIRED);
	worker_ring_bell();
	worker_exit(0);
}

static void
worker_ended_task(void)
{
	worker_count();
	if (w.chunk.flags & CELL_URGENT)
		worker_ring_bell();
	if ((w.board->max_tasks | w.board->max_memory) != 0 &&
	    worker_is_worn())
		worker_retire();
}

/* The tasks of the cell, until the end or the first error. */
static int
worker_slice(lua_State *L)
{
	int n, base;

	w.phase = WORKER_DECODING;
	worker_push_function(L);
	lua_rawgetp(L, LUA_REGISTRYINDEX, &worker_seed_key);
	base = lua_gettop(L);
	while (w.next >= 0) {
		w.item = (uint32_t)w.next;
		w.phase = WORKER_DECODING;
		lua_pushvalue(L, AT_FUNCTION);
		n = worker_push_arguments(L);
		w.phase = WORKER_CALLING;
		if (w.chunk.flags & CELL_SEEDED)
			worker_seed(L);
		lua_call(L, n, w.chunk.flags & CELL_ALL ? LUA_MULTRET : 1);
		worker_answer(L, base + 1);
		lua_settop(L, base);
		worker_ended_task();
		worker_claim();
	}
	return 0;
}

/* The arguments of a task that failed may not have been read: find the next. */
static void
worker_skip_to(uint32_t item)
{
	uint32_t i, j, n;

	w.arguments = w.tasks.base + w.chunk.at;
	for (i = 0; i < item; i++) {
		n = 1;
		if (w.chunk.flags & CELL_COUNTED) {
			memcpy(&n, w.arguments, sizeof n);
			w.arguments += sizeof n;
		}
		for (j = 0; j < n; j++)
			if (marshal_skip(&w.arguments, w.end) == -1)
				worker_exit(1);
	}
}

static void
worker_failed_task(lua_State *L)
{
	static const char kinds[] = { RING_NOT_DECODED, RING_RAISED,
	    RING_NOT_ENCODED };

	worker_flush();
	worker_send_error(L, RING_ERROR, kinds[w.phase]);
	worker_ended_task();
	worker_claim();
	if (w.next >= 0)
		worker_skip_to((uint32_t)w.next);
}

/* A function that cannot be had fails each task. */
static void
worker_fail_all(lua_State *L)
{
	while (w.next >= 0) {
		w.item = (uint32_t)w.next;
		lua_pushvalue(L, -1);
		worker_send_error(L, RING_ERROR, RING_NOT_DECODED);
		worker_ended_task();
		worker_claim();
	}
}

/* The cell taken, which may have been taken back wholly, becomes w.chunk. */
static void
worker_open_cell(uint32_t cell)
{
	char type = RING_BEGIN;

	record_begin();
	record_add(&type, 1);
	record_add(&cell, sizeof cell);
	record_end();
	worker_claim();
	if (w.next < 0)
		return;
	memcpy(&w.chunk, &w.board->cells[cell], sizeof w.chunk);
	if (area_reach(&w.tasks, w.chunk.at + w.chunk.len) == -1 ||
	    area_reach(&w.tasks, w.chunk.function_at +
	    w.chunk.function_len) == -1)
		worker_exit(1);
	w.arguments = w.tasks.base + w.chunk.at;
	w.end = w.arguments + w.chunk.len;
	if (w.next > 0)
		worker_skip_to((uint32_t)w.next);
}

void
worker_serve_cell(lua_State *L, uint32_t cell)
{
	int64_t begun = loop_clock();

	worker_open_cell(cell);
	w.item = NO_ITEM;
	while (w.next >= 0) {
		lua_settop(L, 0);
		lua_pushcfunction(L, worker_traceback);
		lua_pushcfunction(L, worker_slice);
		if (lua_pcall(L, 0, 0, 1) == LUA_OK)
			break;
		if (w.item == NO_ITEM)
			worker_fail_all(L);
		else
			worker_failed_task(L);
	}
	if (w.next == -2)
		worker_park();
	lua_settop(L, 0);
	atomic_store_explicit(&w.slot->busy, atomic_load_explicit(
	    &w.slot->busy, memory_order_relaxed) + loop_clock() - begun,
	    memory_order_relaxed);
	board_done(w.board, w.place.slot);
}
