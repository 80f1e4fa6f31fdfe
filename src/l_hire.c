/* l_hire.c owns workers as the master sees them: start, signals, end. */
#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "fd.h"
#include "l_forkserver.h"
#include "l_pool.h"
#include "place.h"
#include "server_words.h"
#include "spawn.h"
#include "tree.h"

extern char **environ;

/* A worker of a fork server that is gone: the end of its bell is its own. */
static void
worker_orphan_ended(struct l_worker *w)
{
	w->child.end = (struct child_end){ .code = -1, .signal = SIGKILL };
	w->state = WORKER_ENDED;
}

static void
worker_rings(struct loop_watch *watch, unsigned events)
{
	struct l_worker *w = list_entry(watch, struct l_worker, bell);
	char bytes[64];
	ssize_t n = recv(watch->fd, bytes, sizeof bytes, MSG_DONTWAIT);
	int fd = watch->fd;

	(void)events;
	/* It is gone, or closed it: its end is told by its process. */
	if (n == 0 || (n == -1 && errno != EAGAIN && errno != EINTR)) {
		loop_unwatch(w->pool->loop, watch);
		watch->fd = fd;
		if (w->orphan && w->state == WORKER_LIVE)
			worker_orphan_ended(w);
	}
	l_event_queue(&w->pool->event);
}

static void
worker_ended(struct child *child)
{
	struct l_worker *w = list_entry(child, struct l_worker, child);

	w->state = WORKER_ENDED;
	l_event_queue(&w->pool->event);
}

/* Workers. */

void
l_worker_release(struct l_worker *w)
{
	int bell = w->bell.fd;

	child_forget(&w->child);
	loop_unwatch(w->pool->loop, &w->bell);
	fd_close(&bell);
	ring_close(&w->ring);
	fd_close(&w->ring_fd);
	w->state = WORKER_NONE;
}

/* Both sides of the doorbell and the ring of a new worker. */
static int
worker_prepare(struct l_pool *p, uint32_t slot, int *theirs)
{
	struct l_worker *w = &p->workers[slot];
	int ends[2], saved;

	*w = (struct l_worker){ .pool = p, .ring_fd = -1, .bell = {
	    .fn = worker_rings, .fd = -1 }, .child = { .fn = worker_ended } };
	list_init(&w->child.link);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		return -1;
	w->bell.fd = ends[0];
	*theirs = ends[1];
	board_clear(p->board, slot);
	if ((w->ring_fd = area_file()) != -1 &&
	    ring_open(&w->ring, &p->board->slot[slot], w->ring_fd) == 0 &&
	    loop_watch(p->loop, &w->bell, ends[0], LOOP_READ) == 0)
		return 0;
	saved = errno;
	l_worker_release(w);
	fd_close(theirs);
	errno = saved;
	return -1;
}

static int
worker_spawn(const struct place *place, pid_t *pid)
{
	char text[PLACE_TEXT];
	char *argv[] = { (char *)"prun", (char *)"--worker", text, NULL };
	struct spawn_spec spec = { .path = "/proc/self/exe", .argv = argv,
	    .envp = environ, .fds = { SPAWN_NULL, -1, -1 },
	    .pass = &place->bell, .passed = 3, .own_group = true,
	    .die_with_parent = true };
	enum spawn_step step;

	place_text(place, text);
	errno = spawn(&spec, pid, &step);
	return errno == 0 ? 0 : -1;
}

static int
worker_fork(const struct place *place, pid_t *pid)
{
	fflush(NULL);
	if ((*pid = spawn_fork_worker()) == 0)
		l_pool_forked(place);
	return *pid == -1 ? -1 : 0;
}

/* The fork server says that one of its workers, or (0) it itself, ended. */
static void
remote_ended_in(struct l_pool *p, pid_t pid, int code, int signal)
{
	struct l_worker *w;
	uint32_t i;

	for (i = 0; i < p->slots; i++) {
		w = &p->workers[i];
		if (w->state != WORKER_LIVE || !w->remote)
			continue;
		if (pid == 0) {
			w->orphan = true;
			kill(w->child.pid, SIGKILL);
			if (w->bell.events == 0)
				worker_orphan_ended(w);
		} else if (w->child.pid == pid) {
			w->child.end = (struct child_end){ .code = code,
			    .signal = signal };
			w->state = WORKER_ENDED;
		}
		l_event_queue(&p->event);
	}
}

static void
remote_ended(pid_t pid, int code, int signal)
{
	struct list *l;

	for (l = l_pools.next; l != &l_pools; l = l->next)
		remote_ended_in(list_entry(l, struct l_pool, link), pid, code,
		    signal);
}

/*
 * forkserver(boot): start the fork server unless it runs, which loads what
 * boot says (prun.mp.preload). true; or nil and why it cannot.
 */
int
l_pool_forkserver(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	char why[256] = "";

	lua_settop(L, 2);
	if (!l_forkserver_runs()) {
		l_pool_encode_begin(p);
		if (l_pool_encode(L, p, 0) == -1)
			return 2;
		if (l_forkserver_start(p->loop, p->scratch,
		    (size_t)(p->out.p - p->scratch), remote_ended, why,
		    sizeof why) == -1) {
			if (errno != 0)
				return l_fail(L, "fork server", errno);
			lua_pushnil(L);
			lua_pushfstring(L, "fork server: %s", why);
			return 2;
		}
	}
	lua_pushboolean(L, 1);
	return 1;
}

static int
pool_free_slot(struct l_pool *p)
{
	uint32_t i;

	for (i = 0; i < p->slots; i++)
		if (p->workers[i].state == WORKER_NONE)
			return (int)i;
	return -1;
}

/*
 * hire(method): start a worker by "fork", "spawn" or "forkserver" (which must
 * run). Its slot and pid, or nil, message, errno.
 */
int
l_pool_hire(lua_State *L)
{
	static const char *const methods[] = { "fork", "spawn", "forkserver",
	    NULL };
	struct l_pool *p = l_pool_check(L, 1);
	int method = luaL_checkoption(L, 2, NULL, methods);
	int slot = pool_free_slot(p), theirs, r;
	struct place place;
	pid_t pid = -1;

	if (slot == -1)
		return l_fail(L, "worker", EAGAIN);
	if (worker_prepare(p, (uint32_t)slot, &theirs) == -1)
		return l_fail(L, "worker", errno);
	place = (struct place){ .bell = theirs, .board = p->fd,
	    .ring = p->workers[slot].ring_fd, .slot = (unsigned)slot };
	r = method == 0 ? worker_fork(&place, &pid) :
	    method == 1 ? worker_spawn(&place, &pid) :
	    l_forkserver_fork(&place, &pid);
	fd_close(&theirs);
	if (r == -1) {
		r = errno;
		l_worker_release(&p->workers[slot]);
		return l_fail(L, "worker", r);
	}
	p->workers[slot].state = WORKER_LIVE;
	p->workers[slot].hired = loop_clock();
	p->workers[slot].child.pid = pid;
	if (method == 2)
		p->workers[slot].remote = true;
	else
		child_add(&p->workers[slot].child, pid);
	lua_pushinteger(L, slot);
	lua_pushinteger(L, pid);
	return 2;
}

static struct l_worker *
worker_check(lua_State *L, struct l_pool *p, int arg)
{
	lua_Integer i = luaL_checkinteger(L, arg);

	luaL_argcheck(L, i >= 0 && i < (lua_Integer)p->slots &&
	    p->workers[i].state != WORKER_NONE, arg, "no such worker");
	return &p->workers[i];
}

/*
 * kill(slot, signal, tree): signal the worker's process group; with tree all
 * that descends from it too.
 */
int
l_pool_kill(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	struct l_worker *w = worker_check(L, p, 2);
	int number = (int)luaL_checkinteger(L, 3);
	const pid_t root = w->child.pid;
	const char *mark = w->mark[0] ? w->mark : NULL;
	struct tree_spec spec = { .roots = &root, .marks = &mark, .n = 1 };
	struct tree tree = { 0 };

	if (lua_toboolean(L, 4))
		tree_of(&spec, &tree);
	/* The worker first, or its task would go on when its child is gone. */
	if (w->state == WORKER_LIVE) {
		kill(root, number);
		kill(-root, number);
		if (number == SIGTERM)
			kill(-root, SIGCONT);
	}
	tree_signal(&tree, number);
	tree_free(&tree);
	return 0;
}

/* seize_any(slot): the worker begins no task any more. */
int
l_pool_seize_any(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);

	board_seize_any(p->board,
	    (uint32_t)(worker_check(L, p, 2) - p->workers));
	return 0;
}

/* What the worker is at: its cell and the task in it, if it runs one. */
static bool
worker_running(struct l_pool *p, const struct l_worker *w, uint32_t *cell,
    uint32_t *item)
{
	struct board_range r = board_range(p->board,
	    (uint32_t)(w - p->workers));
	size_t unread;

	if (w->state != WORKER_LIVE || r.none || r.cursor == 0 ||
	    p->cells[r.cell].batch == NULL)
		return false;
	/* Its end was read. With answers unread we do not know, and say yes. */
	ring_bytes(&w->ring, &unread);
	if (unread == 0 && w->cell == r.cell && w->item >= r.cursor)
		return false;
	*cell = r.cell;
	*item = r.cursor - 1;
	return true;
}

/*
 * running(slot): the owner and number of the task that the worker runs, and
 * for how many seconds, or nothing.
 */
int
l_pool_running(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	struct l_worker *w = worker_check(L, p, 2);
	struct l_batch *b;
	uint32_t cell, item;
	int64_t begun;

	if (!worker_running(p, w, &cell, &item))
		return 0;
	b = p->cells[cell].batch;
	begun = atomic_load(&p->board->slot[w - p->workers].begun);
	l_batch_push(L, 1, b);
	lua_getiuservalue(L, -1, BATCH_OWNER);
	lua_pushinteger(L, (lua_Integer)(p->board->cells[cell].first -
	    b->first + item) + 1);
	lua_pushnumber(L, (lua_Number)(loop_clock() - begun) / 1e9);
	return 3;
}

/*
 * seize(slot, owner, index): the worker begins no task after this one, if it is
 * still the one it runs; then true.
 */
int
l_pool_seize(lua_State *L)
{
	struct l_pool *p = l_pool_check(L, 1);
	struct l_worker *w = worker_check(L, p, 2);
	lua_Integer index = luaL_checkinteger(L, 4);
	struct l_batch *b;
	uint32_t cell, item;
	int same;

	if (!worker_running(p, w, &cell, &item))
		return 0;
	b = p->cells[cell].batch;
	l_batch_push(L, 1, b);
	lua_getiuservalue(L, -1, BATCH_OWNER);
	same = lua_rawequal(L, -1, 3) && (lua_Integer)(
	    p->board->cells[cell].first - b->first + item) + 1 == index;
	lua_pushboolean(L, same && board_seize(p->board,
	    (uint32_t)(w - p->workers), cell, item));
	return 1;
}
