/* worker.c owns the life of a worker: take tasks, call them, answer. */
#include "config.h"

#include "worker.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_STDIO_EXT_H
#include <stdio_ext.h>
#endif

#include <lauxlib.h>

#include "board.h"
#include "buf.h"
#include "fd.h"
#include "host.h"
#include "keeper.h"
#include "l_core.h"
#include "loop.h"
#include "marshal.h"
#include "ring.h"
#include "sig.h"

/* How long an idle worker looks for work before it sleeps, in nanoseconds. */
#define WORKER_SPIN 40000

enum {
	WORKER_FUNCTIONS = 32,	/* kept decoded */
	WORKER_GAP = 256,
	WORKER_HALF_FULL = RING_SIZE / 2
};

/* What the worker is doing, for an error that unwinds it. */
enum worker_phase { WORKER_DECODING, WORKER_CALLING, WORKER_ENCODING };

/* The stack of the slice: what it keeps while tasks run. */
enum { AT_FUNCTION = 1, AT_SEED };

static struct {
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
	uint32_t cell, flags;		/* the chunk, and what its tasks are */
	uint32_t item;			/* the task being run */
	const char *arguments, *end;
	int64_t statm;			/* descriptor of /proc/self/statm */
} w;

static const char functions_key, seed_key, traceback_key;

static void __attribute__((noreturn))
worker_exit(int status)
{
	fflush(NULL);
	_exit(status);
}

/* The doorbell. */

/* The master sleeps: wake it. */
static void
worker_ring_bell(void)
{
	ssize_t r;

	w.unheard = false;
	/* What was written before must be seen by a master that goes to sleep. */
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load(&w.board->master_asleep) == 0 ||
	    atomic_exchange(&w.board->master_asleep, 0) == 0)
		return;
	do
		r = send(w.place.bell, "!", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (r == -1 && errno == EINTR);
}

/* Sleep until the master rings. Without it there is nothing to live for. */
static void
worker_sleep(void)
{
	char bytes[64];
	ssize_t r;

	do
		r = recv(w.place.bell, bytes, sizeof bytes, 0);
	while (r == -1 && errno == EINTR);
	if (r <= 0)
		_exit(0);
}

/* Seized: never to begin a task again. */
static void __attribute__((noreturn))
worker_park(void)
{
	worker_ring_bell();
	for (;;)
		worker_sleep();
}

/* Writing to the ring. */

/* Sleep until the ring has room for n bytes; n is at most its size. */
static void
worker_await_room(size_t n)
{
	while (ring_room(&w.ring) < n) {
		atomic_store(&w.slot->asleep, 2);
		worker_ring_bell();
		if (ring_room(&w.ring) < n)
			worker_sleep();
		atomic_store(&w.slot->asleep, 0);
	}
}

/* Sleep until the area behind the ring is free. */
static void
worker_await_overflow(void)
{
	while (atomic_load(&w.slot->overflow) != 0) {
		atomic_store(&w.slot->asleep, 2);
		worker_ring_bell();
		if (atomic_load(&w.slot->overflow) != 0)
			worker_sleep();
		atomic_store(&w.slot->asleep, 0);
	}
}

/* The record gets a place in the area, need bytes longer than it is. */
static int
worker_overflow(struct marshal_out *out, size_t need)
{
	size_t have = (size_t)(out->p - out->base);
	char *old = out->base;

	if (!w.overflowing)
		worker_await_overflow();
	if (area_reach(&w.ring.overflow, have + need) == -1)
		return -1;
	out->base = w.ring.overflow.base;
	if (!w.overflowing)
		memcpy(out->base, old, have);
	w.overflowing = true;
	out->p = out->base + have;
	out->end = out->base + w.ring.overflow.size;
	return 0;
}

/*
 * More room for the record: what the master read meanwhile, or what it will
 * read, or else the area behind.
 */
static int
worker_grow(struct marshal_out *out, size_t need)
{
	size_t have = (size_t)(out->p - out->base);

	if (!w.overflowing && have + need <= RING_SIZE / 2) {
		worker_await_room(have + need);
		out->end = out->base + ring_room(&w.ring);
		return 0;
	}
	return worker_overflow(out, need);
}

static void
record_begin(void)
{
	w.writing = true;
	w.overflowing = false;
	w.out.base = w.out.p = ring_place(&w.ring);
	w.out.end = w.out.base + ring_room(&w.ring);
	w.out.grow = worker_grow;
}

static int
record_add(const void *bytes, size_t n)
{
	if ((size_t)(w.out.end - w.out.p) < n && w.out.grow(&w.out, n) == -1)
		return -1;
	memcpy(w.out.p, bytes, n);
	w.out.p += n;
	return 0;
}

/* The record is whole: let the master see it. */
static void
record_end(void)
{
	char mark[9] = { RING_OVERFLOW };
	uint64_t n = (uint64_t)(w.out.p - w.out.base);

	if (w.overflowing) {
		atomic_store(&w.slot->overflow, 1);
		memcpy(mark + 1, &n, sizeof n);
		worker_await_room(sizeof mark);
		memcpy(ring_place(&w.ring), mark, sizeof mark);
		n = sizeof mark;
	}
	ring_wrote(&w.ring, (size_t)n);
	w.writing = false;
	w.unheard = true;
	if (ring_room(&w.ring) < WORKER_HALF_FULL)
		worker_ring_bell();
}

static void
worker_send_output(const char *bytes, size_t left)
{
	char type = RING_OUTPUT;
	uint32_t len;

	while (left > 0) {
		len = left < RING_SIZE / 4 ? (uint32_t)left : RING_SIZE / 4;
		record_begin();
		record_add(&type, 1);
		record_add(&len, sizeof len);
		record_add(bytes, len);
		record_end();
		bytes += len;
		left -= len;
	}
	worker_ring_bell();
}

/*
 * What tasks print goes to the master, which has the only way to stdout. A
 * __prun_dump that prints does so while a record is being written.
 */
static ssize_t
worker_print(void *cookie, const char *bytes, size_t n)
{
	(void)cookie;
	if (w.writing)
		return buf_append(&w.held, bytes, n) == 0 ? (ssize_t)n : 0;
	worker_send_output(bytes, n);
	return (ssize_t)n;
}

static void
worker_take_stdio(void)
{
#ifdef HAVE_FOPENCOOKIE
	cookie_io_functions_t io = { .write = worker_print };
	FILE *f = fopencookie(NULL, "w", io);

	if (f != NULL) {
		setvbuf(f, NULL, _IOLBF, 1 << 16);
		stdout = f;
	}
#else
	setvbuf(stdout, NULL, _IOLBF, 1 << 16);
	(void)worker_print;
#endif
	setvbuf(stderr, NULL, _IOLBF, 1 << 14);
}

/* What was printed goes out, with the end of a line or without. */
static void
worker_flush(void)
{
	w.writing = false;
	if (w.held.len > 0) {
		worker_send_output(buf_bytes(&w.held), w.held.len);
		buf_reset(&w.held, 1 << 16);
	}
#ifdef HAVE_STDIO_EXT_H
	if (__fpending(stdout) == 0)
		return;
#endif
	fflush(stdout);
}

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
static int
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
static void
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
	if (type == RING_ERROR)
		record_add_value(L, value);
	record_end();
	lua_settop(L, value - 1);
	lua_pushnil(L);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &traceback_key);
}

/* Tasks. */

/* Push the function of the cell, decoded once. */
static void
worker_push_function(lua_State *L, const struct board_cell *c)
{
	const char *p;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &functions_key);
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
		lua_rawsetp(L, LUA_REGISTRYINDEX, &functions_key);
	}
	lua_rawgetp(L, LUA_REGISTRYINDEX, &functions_key);
	lua_pushvalue(L, -2);
	lua_rawseti(L, -2, c->function);
	lua_pop(L, 1);
}

/* Push the arguments of the next task; how many. */
static int
worker_push_arguments(lua_State *L)
{
	uint32_t n = 1, i;

	if (w.flags & CELL_COUNTED) {
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
worker_seed(lua_State *L, const struct board_cell *c, uint32_t item)
{
	lua_pushvalue(L, AT_SEED);
	lua_pushinteger(L, (lua_Integer)w.board->seed);
	lua_pushinteger(L, (lua_Integer)(c->first + item));
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
	if (w.flags & CELL_ALL) {
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

/* The master may use the cell anew by now: w.flags is what it was. */
static void
worker_ended_task(void)
{
	worker_count();
	if (w.flags & CELL_URGENT)
		worker_ring_bell();
	if ((w.board->max_tasks | w.board->max_memory) != 0 &&
	    worker_is_worn())
		worker_retire();
}

/* The tasks of the cell, until the end or the first error. */
static int
worker_slice(lua_State *L)
{
	const struct board_cell *c = &w.board->cells[w.cell];
	int item, n, base;

	w.phase = WORKER_DECODING;
	worker_push_function(L, c);
	lua_rawgetp(L, LUA_REGISTRYINDEX, &seed_key);
	base = lua_gettop(L);
	while ((item = board_next(w.board, w.place.slot)) >= 0) {
		w.item = (uint32_t)item;
		w.phase = WORKER_DECODING;
		if (w.flags & CELL_TIMED)
			atomic_store(&w.slot->begun, loop_clock());
		lua_pushvalue(L, AT_FUNCTION);
		n = worker_push_arguments(L);
		w.phase = WORKER_CALLING;
		if (w.flags & CELL_SEEDED)
			worker_seed(L, c, w.item);
		lua_call(L, n, w.flags & CELL_ALL ? LUA_MULTRET : 1);
		worker_answer(L, base + 1);
		lua_settop(L, base);
		worker_ended_task();
	}
	lua_pushinteger(L, item);
	return 1;
}

/* The arguments of the task that failed may not have been read: find the next. */
static void
worker_skip_to(uint32_t item)
{
	const struct board_cell *c = &w.board->cells[w.cell];
	uint32_t i, j, n;

	w.arguments = w.tasks.base + c->at;
	for (i = 0; i < item; i++) {
		n = 1;
		if (w.flags & CELL_COUNTED) {
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
	worker_skip_to(w.item + 1);
}

/* A function that cannot be had fails each task. */
static void
worker_fail_all(lua_State *L)
{
	int item;

	while ((item = board_next(w.board, w.place.slot)) >= 0) {
		w.item = (uint32_t)item;
		lua_pushvalue(L, -1);
		worker_send_error(L, RING_ERROR, RING_NOT_DECODED);
		worker_ended_task();
	}
	lua_pop(L, 1);
	if (item == -2)
		worker_park();
}

static void
worker_serve_cell(lua_State *L, uint32_t cell)
{
	const struct board_cell *c = &w.board->cells[cell];
	char type = RING_BEGIN;
	int64_t begun = loop_clock();
	int status = LUA_ERRRUN;

	w.cell = cell;
	w.flags = c->flags;
	w.item = UINT32_MAX;
	record_begin();
	record_add(&type, 1);
	record_add(&cell, sizeof cell);
	record_end();
	if (area_reach(&w.tasks, c->at + c->len) == -1 ||
	    area_reach(&w.tasks, c->function_at + c->function_len) == -1)
		worker_exit(1);
	w.arguments = w.tasks.base + c->at;
	w.end = w.arguments + c->len;
	while (status != LUA_OK) {
		lua_settop(L, 0);
		lua_pushcfunction(L, worker_traceback);
		lua_pushcfunction(L, worker_slice);
		if ((status = lua_pcall(L, 0, 1, 1)) == LUA_OK)
			break;
		if (w.item == UINT32_MAX) {
			worker_fail_all(L);
			break;
		}
		worker_failed_task(L);
	}
	if (status == LUA_OK && lua_tointeger(L, -1) == -2)
		worker_park();
	lua_settop(L, 0);
	atomic_store_explicit(&w.slot->busy, atomic_load_explicit(
	    &w.slot->busy, memory_order_relaxed) + loop_clock() - begun,
	    memory_order_relaxed);
	board_done(w.board, w.place.slot);
}

/* Waiting. */

static bool
worker_has_work(void)
{
	return board_waiting(w.board) > 0 || atomic_load(&w.board->closing) ||
	    board_range(w.board, w.place.slot).seized;
}

static inline void
worker_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Look for work a little while, when there is a processor to spare. */
static bool
worker_spin(void)
{
	uint32_t n = atomic_load(&w.board->spinners);
	int64_t end;
	bool found = false;
	int i;

	do {
		if (n >= w.board->spinners_max)
			return false;
	} while (!atomic_compare_exchange_weak(&w.board->spinners, &n, n + 1));
	end = loop_clock() + WORKER_SPIN;
	while (!found && loop_clock() < end)
		for (i = 0; i < 50 && !(found = worker_has_work()); i++)
			worker_pause();
	n = atomic_load(&w.board->spinners);
	while (n > 0 && !atomic_compare_exchange_weak(&w.board->spinners, &n,
	    n - 1))
		continue;
	return found;
}

static void
worker_wait(void)
{
	if (w.unheard)
		worker_ring_bell();
	if (worker_spin())
		return;
	atomic_store(&w.slot->asleep, 1);
	if (!worker_has_work()) {
		if (atomic_load(&w.board->hungry) ||
		    board_others_wait(w.board, w.place.slot))
			worker_ring_bell();
		worker_sleep();
	}
	atomic_store(&w.slot->asleep, 0);
}

static void
worker_serve(lua_State *L)
{
	int cell;

	for (;;) {
		cell = board_take(w.board, w.place.slot);
		if (cell >= 0)
			worker_serve_cell(L, (uint32_t)cell);
		else if (cell == -2)
			worker_park();
		else if (atomic_load(&w.board->closing))
			worker_exit(0);
		else
			worker_wait();
	}
}

/* The start. */

/* The types at the top, popped, are known from now on. */
static void
worker_register(lua_State *L)
{
	lua_pushnil(L);
	while (lua_next(L, -2)) {
		lua_rawgeti(L, -1, 1);
		lua_rawgeti(L, -2, 2);
		marshal_register(L, -4, -2, -1);
		lua_pop(L, 3);
	}
	lua_pop(L, 1);
}

/* Everything a task may need: prun.mp.worker takes what the master sent. */
static int
worker_boot(lua_State *L)
{
	const char *p = w.tasks.base + w.board->boot_at;
	const char *end = p + w.board->boot_len;

	lua_newtable(L);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &functions_key);
	lua_getglobal(L, "math");
	lua_getfield(L, -1, "randomseed");
	lua_rawsetp(L, LUA_REGISTRYINDEX, &seed_key);
	if (marshal_decode(L, &p, end, 0) == -1)
		return lua_error(L);
	worker_register(L);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "prun.mp.worker");
	lua_call(L, 1, 1);
	if (marshal_decode(L, &p, end, 0) == -1)
		return lua_error(L);
	w.phase = WORKER_CALLING;
	lua_call(L, 1, 0);
	return 0;
}

static int
worker_attach(const struct place *place)
{
	w.place = *place;
	w.statm = -1;
	if (area_map(&w.area, place->board, 0, board_size(1)) == -1)
		return -1;
	w.board = (struct board *)(void *)w.area.base;
	if (area_reach(&w.area, board_size(w.board->slots)) == -1)
		return -1;
	w.board = (struct board *)(void *)w.area.base;
	w.slot = &w.board->slot[place->slot];
	w.tasks = (struct area){ .fd = place->board,
	    .offset = board_size(w.board->slots) };
	return area_reach(&w.tasks, w.board->boot_at + w.board->boot_len) |
	    ring_open(&w.ring, w.slot, place->ring);
}

void
worker_run(lua_State *L, const struct place *place)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	/* Tasks must not eat what the master reads. */
	if (null != -1)
		dup2(null, 0);
	fd_close(&null);
	if (worker_attach(place) == -1)
		_exit(126);
	worker_take_stdio();
	w.L = L;
	lua_settop(L, 0);
	lua_pushcfunction(L, worker_traceback);
	lua_pushcfunction(L, worker_boot);
	if (lua_pcall(L, 0, 0, 1) != LUA_OK) {
		worker_flush();
		worker_send_error(L, RING_REFUSED, 0);
		worker_ring_bell();
		worker_exit(1);
	}
	worker_flush();
	atomic_store(&w.slot->served, loop_clock());
	atomic_store(&w.slot->state, SLOT_SERVING);
	worker_serve(L);
	worker_exit(0);
}

/*
 * What was opened for the parent alone. Closing it matters: a doorbell whose
 * other end lives on in a worker would not tell of the master's end.
 */
static void
worker_close_others(const struct place *p)
{
	int fd, flags, unused = 0;

	/* Numbers are given out from the lowest: after a gap come no more. */
	for (fd = 3; unused < WORKER_GAP; fd++) {
		if (fd == p->bell || fd == p->board || fd == p->ring)
			continue;
		flags = fcntl(fd, F_GETFD);
		unused = flags == -1 ? unused + 1 : 0;
		if (flags != -1 && (flags & FD_CLOEXEC))
			close(fd);
	}
}

void
worker_run_forked(lua_State *L, const struct place *place)
{
	worker_close_others(place);
	sig_reset();
	keeper_forget();
	l_forget();
	if (L == NULL && (L = host_state()) == NULL)
		_exit(126);
	worker_run(L, place);
}

int
worker_run_spawned(const char *text)
{
	struct place p = { 0 };
	lua_State *L;

	if (place_parse(&p, text) == -1 || fd_cloexec(p.bell) == -1 ||
	    fd_cloexec(p.board) == -1 || fd_cloexec(p.ring) == -1) {
		fputs("prun: --worker is for prun itself\n", stderr);
		return 255;
	}
	if ((L = host_state()) == NULL)
		return 126;
	worker_run(L, &p);
}
