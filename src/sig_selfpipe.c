/* sig_selfpipe.c makes signals readable by handlers that write to a pipe. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "sig.h"
#include "sig_backend.h"

static int ends[2] = { -1, -1 };

/* A full pipe loses the signal; thousands are waiting in it by then. */
static void
selfpipe_catch(int number, siginfo_t *si, void *context)
{
	struct sig_event ev;
	int saved = errno;
	ssize_t r;

	(void)context;
	memset(&ev, 0, sizeof ev);
	ev.number = number;
	ev.sender = si->si_code == SI_USER ? si->si_pid : 0;
	r = write(ends[1], &ev, sizeof ev);
	(void)r;
	if (number != SIGCHLD && sig_interrupted != NULL)
		sig_interrupted();
	errno = saved;
}

static int
selfpipe_open(void)
{
	struct sigaction sa = { .sa_sigaction = selfpipe_catch,
	    .sa_flags = SA_SIGINFO };
	sigset_t set;
	int i;

	fd_close(&ends[1]);
	if (fd_pipe(ends) == -1)
		return -1;
	fd_nonblock(ends[0]);
	fd_nonblock(ends[1]);
	sigfillset(&sa.sa_mask);
	sig_watched_set(&set);
	for (i = 1; i < NSIG; i++)
		if (sigismember(&set, i) == 1)
			sigaction(i, &sa, NULL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return ends[0];
}

static bool
selfpipe_next(int fd, struct sig_event *ev)
{
	return fd_read(fd, ev, sizeof *ev) == sizeof *ev;
}

static void
selfpipe_forget(void)
{
	ends[0] = ends[1] = -1;
}

const struct sig_backend sig_selfpipe = {
	"selfpipe", selfpipe_open, selfpipe_next, selfpipe_forget
};
