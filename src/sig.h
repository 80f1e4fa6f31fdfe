/* Signals as a descriptor; the only place that touches masks and dispositions. */
#ifndef PRUN_SIG_H
#define PRUN_SIG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Call order: sig_init once, as early as possible; then either sig_fd and
 * sig_next from a loop, or sig_wait when there is nothing else to do.
 *
 * A signal that the caller of the program ignored stays ignored (nohup, shell
 * background jobs), SIGCHLD excepted, which the program cannot do without.
 * SIGPIPE and SIGXFSZ are ignored: a write says EPIPE, EFBIG. Programs that are started get back
 * exactly the caller's mask and dispositions through sig_restore.
 */
struct sig_event {
	int number;
	pid_t sender;		/* 0: the kernel, a terminal */
};

/* How signals become readable: signalfd(2), or handlers and a pipe. */
struct sig_backend {
	const char *name;
	int (*open)(void);	/* the signals of sig_watched; fd or -1 */
	bool (*next)(int fd, struct sig_event *);
	void (*forget)(void);	/* what was open is closed already; or NULL */
};

extern const struct sig_backend sig_selfpipe;
#ifdef HAVE_SIGNALFD
extern const struct sig_backend sig_signalfd;
#endif

/* Remember the caller's signal state and hold back the n signals named. */
void sig_init(const int *numbers, size_t n);

/* A descriptor that is readable when a signal came; -1 with errno. */
int sig_fd(const struct sig_backend *);

/*
 * With sig_selfpipe: fn is called inside the signal handler, for all but
 * SIGCHLD, so it may do only what is safe there. It is how a running Lua
 * function learns of a signal.
 */
void sig_interrupt(void (*fn)(void));

/* The next signal that came; false when there is none. */
bool sig_next(struct sig_event *);

/* Sleep until a signal comes, or ms milliseconds (-1: no limit) passed. */
bool sig_wait(struct sig_event *, int ms);

/* Whether the signal comes through sig_next, i.e. was not ignored before. */
bool sig_watched(int number);

/* Close the descriptor; watched signals stay held back. For a forked child. */
void sig_forget(void);

/*
 * In a forked child that goes on as a program of its own and has closed what
 * was the parent's: the caller's mask and dispositions, nothing watched;
 * sig_init may be called again.
 */
void sig_reset(void);

/*
 * Around vfork: sig_hold holds back every signal and sig_release undoes it in
 * the parent. In the child sig_restore, async-signal-safe, sets what the
 * caller of the program had, just before exec.
 */
void sig_hold(void);
void sig_release(void);
void sig_restore(void);

/* End the program by this signal, as if it had never been caught. */
void sig_die(int number) __attribute__((noreturn));

/* The number of a name with or without SIG, or of digits; -1 if unknown. */
int sig_number(const char *name);

/* The name without SIG; NULL for a number without one. */
const char *sig_name(int number);

#endif
