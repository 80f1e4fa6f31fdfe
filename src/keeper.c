/* keeper.c owns the small process that no job outlives. */
#include "config.h"

#include "keeper.h"

#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "fd.h"
#include "sig.h"
#include "spawn.h"
#include "tree.h"

/* How long what is left behind may take to end, in nanoseconds. */
#define KEEPER_GRACE 500000000

static struct {
	pid_t pid;
	int fd;
} keeper = { 0, -1 };

/*
 * A name of its own, so that killall and pkill by the program's name meet
 * one of the two and the other can clean up.
 */
static void
keeper_rename(void)
{
#ifdef PR_SET_NAME
	prctl(PR_SET_NAME, "keeper");
#endif
}

/* A master that is busy in Lua learns by a signal that its keeper is gone. */
static void
keeper_follow(pid_t parent)
{
#ifdef PR_SET_PDEATHSIG
	prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
	if (getppid() != parent)
		_exit(255);
}

/* A stopped master stops the keeper too: that is what a shell looks at. */
static void
keeper_stop(pid_t master)
{
	kill(getpid(), SIGSTOP);
	kill(master, SIGCONT);
}

/* Reap what ended. True, with its status, when the master did. */
static bool
keeper_reap(pid_t master, int *status)
{
	pid_t pid;
	int st;

	while ((pid = waitpid(-1, &st, WNOHANG | WUNTRACED)) > 0) {
		if (pid != master)
			continue;
		if (!WIFSTOPPED(st)) {
			*status = st;
			return true;
		}
		keeper_stop(master);
	}
	return false;
}

static void __attribute__((noreturn))
keeper_run(pid_t master)
{
	struct sig_event ev;
	int status = 0;

	keeper_rename();
	for (;;) {
		if (keeper_reap(master, &status))
			break;
		if (sig_wait(&ev, -1) && ev.number != SIGCHLD)
			kill(master, ev.number);
	}
	tree_end(KEEPER_GRACE);
	if (WIFSIGNALED(status))
		sig_die(WTERMSIG(status));
	_exit(WEXITSTATUS(status));
}

void
keeper_start(void)
{
	int fds[2];
	pid_t pid, self = getpid();

	tree_adopt();
	if (fd_pipe(fds) == -1)
		return;
	switch (pid = spawn_fork()) {
	case -1:
		fd_close(&fds[0]);
		fd_close(&fds[1]);
		return;
	case 0:
		tree_adopt();
		keeper_follow(self);
		fd_close(&fds[1]);
		keeper.pid = self;
		keeper.fd = fds[0];
		return;
	default:
		fd_close(&fds[0]);
		keeper_run(pid);
	}
}

pid_t
keeper_pid(void)
{
	return keeper.pid;
}

int
keeper_fd(void)
{
	return keeper.fd;
}

void
keeper_forget(void)
{
	keeper.pid = 0;
	keeper.fd = -1;
}
