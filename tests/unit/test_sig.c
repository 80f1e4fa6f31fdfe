/* sig: signals are read by either back end, names and numbers agree. */
#include "config.h"

#include <sys/wait.h>

#include "unit.h"

static void
reads_usr1(const struct sig_backend *backend)
{
	static const int watched[] = { SIGCHLD, SIGUSR1 };
	struct sig_event ev;

	sig_init(watched, 2);
	ck_assert_int_ne(sig_fd(backend), -1);
	ck_assert(!sig_next(&ev));
	kill(getpid(), SIGUSR1);
	ck_assert(sig_next(&ev));
	ck_assert_int_eq(ev.number, SIGUSR1);
	ck_assert_int_eq(ev.sender, getpid());
	ck_assert(!sig_next(&ev));
}

TEST(selfpipe)
{
	reads_usr1(&sig_selfpipe);
}
END(selfpipe)

#ifdef HAVE_SIGNALFD
TEST(signalfd_backend)
{
	reads_usr1(&sig_signalfd);
}
END(signalfd_backend)
#else
#define signalfd_backend selfpipe
#endif

TEST(ignored_stays_ignored)
{
	static const int watched[] = { SIGCHLD, SIGHUP };

	signal(SIGHUP, SIG_IGN);
	sig_init(watched, 2);
	ck_assert(!sig_watched(SIGHUP));
	ck_assert(sig_watched(SIGCHLD));
}
END(ignored_stays_ignored)

TEST(dies_by_the_signal)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		sig_die(SIGTERM);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
}
END(dies_by_the_signal)

TEST(names)
{
	ck_assert_int_eq(sig_number("TERM"), SIGTERM);
	ck_assert_int_eq(sig_number("sigterm"), SIGTERM);
	ck_assert_int_eq(sig_number("9"), 9);
	ck_assert_int_eq(sig_number("9x"), -1);
	ck_assert_int_eq(sig_number("NONE"), -1);
	ck_assert_str_eq(sig_name(SIGKILL), "KILL");
	ck_assert_ptr_null(sig_name(0));
}
END(names)

UNIT("sig", selfpipe, signalfd_backend, ignored_stays_ignored,
    dies_by_the_signal, names)
