/* sig_signalfd.c makes signals readable through Linux's signalfd(2). */
#include "config.h"

#include "sig.h"

#ifdef HAVE_SIGNALFD

#include <sys/signalfd.h>

#include "fd.h"
#include "sig_backend.h"

static int
signalfd_open(void)
{
	sigset_t set;

	sig_watched_set(&set);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool
signalfd_next(int fd, struct sig_event *ev)
{
	struct signalfd_siginfo si;

	if (fd_read(fd, &si, sizeof si) != sizeof si)
		return false;
	ev->number = (int)si.ssi_signo;
	ev->sender = si.ssi_code == SI_USER ? (pid_t)si.ssi_pid : 0;
	return true;
}

const struct sig_backend sig_signalfd = {
	"signalfd", signalfd_open, signalfd_next, NULL
};

#endif
