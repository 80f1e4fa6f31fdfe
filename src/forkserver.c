/* forkserver.c owns the fork server's life: preload, fork, tell of ends. */
#include "config.h"

#include "forkserver.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lauxlib.h>

#include "chan.h"
#include "child.h"
#include "fd.h"
#include "host.h"
#include "loop.h"
#include "marshal.h"
#include "server_words.h"
#include "sig.h"
#include "spawn.h"
#include "worker.h"

static struct {
	struct loop *loop;
	struct loop_watch watch;
	lua_State *L;
	int fd;
} server;

static void
server_say(const struct server_message *m)
{
	/* Nobody to say it to: nothing to live for. */
	if (chan_send(server.fd, m, sizeof *m, NULL, 0) == -1)
		_exit(0);
}

static void
server_ended(struct child *c)
{
	server_say(&(struct server_message){ .word = SERVER_ENDED,
	    .pid = c->pid, .number = c->end.code, .signal = c->end.signal });
	free(c);
}

/* The worker has the server's Lua state, with what was preloaded. */
static void
server_fork(int slot, const int *fds)
{
	struct place place = { .bell = fds[0], .board = fds[1],
	    .ring = fds[2], .slot = (unsigned)slot };
	struct server_message m = { .word = SERVER_FORKED, .number = slot };
	struct child *c = calloc(1, sizeof *c);

	m.pid = c == NULL ? -1 : spawn_fork_worker();
	if (m.pid == 0)
		worker_run_forked(server.L, &place);
	if (m.pid == -1) {
		m.number = c == NULL ? ENOMEM : errno;
		free(c);
	} else {
		c->fn = server_ended;
		child_add(c, m.pid);
	}
	server_say(&m);
}

static void
server_ready(struct loop_watch *watch, unsigned events)
{
	struct server_message m;
	int fds[CHAN_FDS], i;
	size_t n = CHAN_FDS;
	ssize_t r = chan_receive(watch->fd, &m, sizeof m, fds, &n);

	(void)events;
	if (r <= 0)
		_exit(0);
	if (r == sizeof m && m.word == SERVER_FORK && n == 3)
		server_fork(m.number, fds);
	for (i = 0; i < (int)n; i++)
		fd_close(&fds[i]);
}

/* Load what the master wants to be there before workers are forked. */
static int
server_preload(lua_State *L)
{
	char *bytes = lua_newuserdatauv(L, SERVER_BOOT, 0);
	const char *p = bytes;
	ssize_t n = chan_receive(server.fd, bytes, SERVER_BOOT, NULL, NULL);

	if (n <= 0)
		return luaL_error(L, "%s", n == 0 ? "no word from the master" :
		    strerror(errno));
	lua_getglobal(L, "require");
	lua_pushliteral(L, "prun.mp.preload");
	lua_call(L, 1, 1);
	if (marshal_decode(L, &p, p + n, 0) == -1)
		return lua_error(L);
	lua_call(L, 1, 0);
	return 0;
}

int
forkserver_run(const char *text)
{
	static const int watched[] = { SIGCHLD, SIGINT };
	struct server_message m = { .word = SERVER_READY };

	server.fd = atoi(text);
	if (server.fd < 3 || fd_cloexec(server.fd) == -1) {
		fputs("prun: --forkserver is for prun itself\n", stderr);
		return 255;
	}
	sig_init(watched, 2);
	worker_take_stdio();
	if ((server.L = host_state()) == NULL ||
	    (server.loop = loop_new(&loop_poll)) == NULL ||
	    child_open(server.loop, &sig_selfpipe, NULL) == -1)
		return 126;
	lua_pushcfunction(server.L, server_preload);
	if (lua_pcall(server.L, 0, 0, 0) != LUA_OK) {
		m.word = SERVER_FAILED;
		snprintf(m.text, sizeof m.text, "%s",
		    luaL_tolstring(server.L, -1, NULL));
	}
	server_say(&m);
	server.watch.fn = server_ready;
	if (loop_watch(server.loop, &server.watch, server.fd, LOOP_READ) == -1)
		return 126;
	while (loop_turn(server.loop, -1) == 0)
		continue;
	return 126;
}
