/* worker.c owns the life of a worker: start, look for work, wait, end. */
#include "config.h"

#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "host.h"
#include "keeper.h"
#include "l_core.h"
#include "loop.h"
#include "sig.h"
#include "worker_impl.h"

/* How long an idle worker looks for work before it sleeps, in nanoseconds. */
#define WORKER_SPIN 40000

enum { WORKER_GAP = 48 };

struct worker w;
const char worker_functions_key, worker_seed_key;

void
worker_exit(int status)
{
	fflush(NULL);
	_exit(status);
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

/* The number of the present task among those of the pool, from 1. */
static int
worker_task(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)(w.chunk.first + w.item));
	return 1;
}

/* Everything a task may need: prun.mp.worker takes what the master sent. */
static int
worker_boot(lua_State *L)
{
	const char *p = w.tasks.base + w.board->boot_at;
	const char *end = p + w.board->boot_len;

	lua_newtable(L);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &worker_functions_key);
	lua_getglobal(L, "math");
	lua_getfield(L, -1, "randomseed");
	lua_rawsetp(L, LUA_REGISTRYINDEX, &worker_seed_key);
	if (marshal_decode(L, &p, end, 0) == -1)
		return lua_error(L);
	worker_register(L);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "prun.mp.worker");
	lua_call(L, 1, 1);
	if (marshal_decode(L, &p, end, 0) == -1)
		return lua_error(L);
	w.phase = WORKER_CALLING;
	lua_pushinteger(L, (lua_Integer)w.place.slot + 1);
	lua_pushcfunction(L, worker_task);
	lua_call(L, 3, 0);
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
	if (L == NULL) {
		worker_take_stdio();
		L = host_state();
	}
	if (L == NULL)
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
	worker_take_stdio();
	if ((L = host_state()) == NULL)
		return 126;
	worker_run(L, &p);
}
