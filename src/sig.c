/* sig.c owns the signal mask, the dispositions and the names of signals. */
#include "config.h"

#include "sig.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "sig_backend.h"

#define SIG_MAX 65

void (*volatile sig_interrupted)(void);

static struct {
	sigset_t caller_mask;
	bool caller_ignored[SIG_MAX];
	bool watched[SIG_MAX];
	sigset_t held;			/* the mask to go back to */
	int fd;
	const struct sig_backend *backend;
} state = { .fd = -1 };

static bool
sig_was_ignored(int number)
{
	struct sigaction sa;

	return sigaction(number, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

static void
sig_dispose(int number, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	sigemptyset(&sa.sa_mask);
	sigaction(number, &sa, NULL);
}

void
sig_init(const int *numbers, size_t n)
{
	sigset_t set;
	size_t i;

	sigprocmask(SIG_SETMASK, NULL, &state.caller_mask);
	state.caller_ignored[SIGPIPE] = sig_was_ignored(SIGPIPE);
	state.caller_ignored[SIGCHLD] = sig_was_ignored(SIGCHLD);
	state.caller_ignored[SIGXFSZ] = sig_was_ignored(SIGXFSZ);
	sig_dispose(SIGPIPE, SIG_IGN);
	sig_dispose(SIGXFSZ, SIG_IGN);
	sig_dispose(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	for (i = 0; i < n; i++) {
		if (numbers[i] != SIGCHLD && sig_was_ignored(numbers[i]))
			continue;
		state.watched[numbers[i]] = true;
		sigaddset(&set, numbers[i]);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
}

bool
sig_watched(int number)
{
	return number > 0 && number < SIG_MAX && state.watched[number];
}

void
sig_watched_set(sigset_t *set)
{
	int i;

	sigemptyset(set);
	for (i = 1; i < SIG_MAX; i++)
		if (state.watched[i])
			sigaddset(set, i);
}

int
sig_fd(const struct sig_backend *backend)
{
	if (state.fd == -1) {
		state.backend = backend;
		state.fd = backend->open();
	}
	return state.fd;
}

void
sig_interrupt(void (*fn)(void))
{
	sig_interrupted = fn;
}

bool
sig_next(struct sig_event *ev)
{
	return state.fd != -1 && state.backend->next(state.fd, ev);
}

bool
sig_wait(struct sig_event *ev, int ms)
{
	struct timespec limit = { ms / 1000, ms % 1000 * 1000000L };
	sigset_t set;
	siginfo_t si;
	int r;

	sig_watched_set(&set);
	do
		r = ms < 0 ? sigwaitinfo(&set, &si) :
		    sigtimedwait(&set, &si, &limit);
	while (r == -1 && errno == EINTR && ms < 0);
	if (r <= 0)
		return false;
	ev->number = r;
	ev->sender = si.si_code == SI_USER ? si.si_pid : 0;
	return true;
}

void
sig_forget(void)
{
	fd_close(&state.fd);
}

void
sig_hold(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &state.held);
}

void
sig_release(void)
{
	sigprocmask(SIG_SETMASK, &state.held, NULL);
}

void
sig_restore(void)
{
	/* Handlers go away by exec itself; only what was ignored matters. */
	if (!state.caller_ignored[SIGPIPE])
		sig_dispose(SIGPIPE, SIG_DFL);
	if (!state.caller_ignored[SIGXFSZ])
		sig_dispose(SIGXFSZ, SIG_DFL);
	if (state.caller_ignored[SIGCHLD])
		sig_dispose(SIGCHLD, SIG_IGN);
	sigprocmask(SIG_SETMASK, &state.caller_mask, NULL);
}

void
sig_reset(void)
{
	int i;

	for (i = 1; i < SIG_MAX; i++) {
		if (state.watched[i] && i != SIGCHLD)
			sig_dispose(i, SIG_DFL);
		state.watched[i] = false;
	}
	sig_dispose(SIGCHLD, SIG_DFL);
	sig_interrupted = NULL;
	state.fd = -1;
	if (state.backend != NULL && state.backend->forget != NULL)
		state.backend->forget();
	sig_restore();
}

void
sig_die(int number)
{
	sigset_t set;

	sig_dispose(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	kill(getpid(), number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + number);
}

static const struct {
	const char *name;
	int number;
} names[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
	{ "ILL", SIGILL }, { "TRAP", SIGTRAP }, { "ABRT", SIGABRT },
	{ "BUS", SIGBUS }, { "FPE", SIGFPE }, { "KILL", SIGKILL },
	{ "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
	{ "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
	{ "URG", SIGURG }, { "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM }, { "PROF", SIGPROF }, { "SYS", SIGSYS },
#ifdef SIGWINCH
	{ "WINCH", SIGWINCH },
#endif
#ifdef SIGIO
	{ "IO", SIGIO },
#endif
#ifdef SIGPWR
	{ "PWR", SIGPWR },
#endif
};

int
sig_number(const char *name)
{
	char *end;
	long n;
	size_t i;

	if (*name >= '0' && *name <= '9') {
		n = strtol(name, &end, 10);
		return *end == '\0' && n < SIG_MAX ? (int)n : -1;
	}
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(name, names[i].name) == 0)
			return names[i].number;
	return -1;
}

const char *
sig_name(int number)
{
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}
