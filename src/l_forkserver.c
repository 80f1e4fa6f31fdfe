/* l_forkserver.c is the master's side of the fork server. */
#include "config.h"

#include "l_forkserver.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chan.h"
#include "child.h"
#include "fd.h"
#include "server_words.h"
#include "spawn.h"

extern char **environ;

/* How long the server may take for an answer, in milliseconds. */
enum { SERVER_PATIENCE = 10000 };

static struct {
	struct child child;
	struct loop *loop;
	struct loop_watch watch;
	int fd;
	bool running;
	void (*ended)(pid_t, int code, int signal);
} server = { .fd = -1 };

static void
server_close(void)
{
	if (server.watch.events != 0)
		loop_unwatch(server.loop, &server.watch);
	fd_close(&server.fd);
}

/* It is gone, and its workers with it, as the system kills them. */
static void
server_died(struct child *c)
{
	(void)c;
	server.running = false;
	server_close();
	server.ended(0, -1, SIGKILL);
}

/* Read one message; false when there is none to be had. */
static bool
server_read(struct server_message *m)
{
	return chan_receive(server.fd, m, sizeof *m, NULL, NULL) == sizeof *m;
}

static void
server_heard(const struct server_message *m)
{
	if (m->word == SERVER_ENDED)
		server.ended(m->pid, m->number, m->signal);
}

static void
server_ready(struct loop_watch *watch, unsigned events)
{
	struct server_message m;

	(void)watch;
	(void)events;
	if (server_read(&m))
		server_heard(&m);
	else
		/* Its process tells the rest. */
		loop_unwatch(server.loop, &server.watch);
}

/* Wait for an answer that is no end of a worker. 0, or -1 with errno. */
static int
server_await(struct server_message *m)
{
	struct pollfd p = { .fd = server.fd, .events = POLLIN };
	int r;

	for (;;) {
		do
			r = poll(&p, 1, SERVER_PATIENCE);
		while (r == -1 && errno == EINTR);
		if (r <= 0 || !server_read(m)) {
			errno = r == 0 ? ETIMEDOUT : ECONNRESET;
			return -1;
		}
		if (m->word != SERVER_ENDED)
			return 0;
		server_heard(m);
	}
}

/* Nothing comes from it any more: away with it. */
static void
server_kill(void)
{
	int saved = errno;

	if (server.running)
		kill(server.child.pid, SIGKILL);
	errno = saved;
}

static int
server_spawn(pid_t *pid, int theirs)
{
	char text[16];
	char *argv[] = { (char *)"prun", (char *)"--forkserver", text, NULL };
	struct spawn_spec spec = { .path = "/proc/self/exe", .argv = argv,
	    .envp = environ, .fds = { SPAWN_NULL, -1, -1 }, .pass = &theirs,
	    .passed = 1, .own_group = true, .die_with_parent = true };
	enum spawn_step step;

	snprintf(text, sizeof text, "%d", theirs);
	errno = spawn(&spec, pid, &step);
	return errno == 0 ? 0 : -1;
}

bool
l_forkserver_runs(void)
{
	return server.running;
}

int
l_forkserver_start(struct loop *loop, const void *boot, size_t n,
    void (*ended)(pid_t, int, int), char *why, size_t size)
{
	struct server_message m;
	int ends[2], saved;
	pid_t pid;

	if (chan_pair(ends) == -1)
		return -1;
	if (server_spawn(&pid, ends[1]) == -1) {
		saved = errno;
		fd_close(&ends[0]);
		fd_close(&ends[1]);
		errno = saved;
		return -1;
	}
	fd_close(&ends[1]);
	server.loop = loop;
	server.fd = ends[0];
	server.running = true;
	server.ended = ended;
	server.child.fn = server_died;
	server.watch = (struct loop_watch){ .fn = server_ready };
	child_add(&server.child, pid);
	if (chan_send(server.fd, boot, n, NULL, 0) == -1 ||
	    server_await(&m) == -1) {
		server_kill();
		return -1;
	}
	if (m.word == SERVER_READY)
		return loop_watch(loop, &server.watch, server.fd, LOOP_READ);
	snprintf(why, size, "%s", m.text);
	server_kill();
	errno = 0;
	return -1;
}

int
l_forkserver_fork(const struct place *place, pid_t *pid)
{
	struct server_message m = { .word = SERVER_FORK,
	    .number = (int)place->slot };

	if (chan_send(server.fd, &m, sizeof m, &place->bell, 3) == -1 ||
	    server_await(&m) == -1) {
		server_kill();
		return -1;
	}
	*pid = m.pid;
	if (m.pid != -1)
		return 0;
	errno = m.number;
	return -1;
}

pid_t
l_forkserver_pid(void)
{
	return server.running ? server.child.pid : 0;
}

void
l_forkserver_forget(void)
{
	server.running = false;
	server.watch.events = 0;
	server.fd = -1;
}
