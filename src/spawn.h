/* Start one program, or a copy of this one. */
#ifndef PRUN_SPAWN_H
#define PRUN_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { SPAWN_NULL = -2 };

/*
 * What to start. path is executed as it is (no PATH search); argv and envp
 * end with NULL and are only read. fds are what the program gets as 0, 1 and
 * 2; -1 leaves the one of this process, SPAWN_NULL is /dev/null. Everything else of ours is
 * close-on-exec. The program gets the caller's signal mask and dispositions.
 */
struct spawn_spec {
	const char *path;
	char *const *argv;
	char *const *envp;
	const char *cwd;	/* NULL: the present one */
	int fds[3];
	const int *pass;	/* of ours, kept open in the program, by number */
	size_t passed;
	bool own_group;		/* lead a new process group */
	bool die_with_parent;	/* SIGKILL when this process is gone */
};

enum spawn_step {
	SPAWN_FORK, SPAWN_GROUP, SPAWN_FDS, SPAWN_CWD, SPAWN_EXEC
};

/*
 * Start it by vfork, so that the cost does not depend on our size. 0 and
 * *pid; else an errno, with *step telling which step failed, and no process.
 */
int spawn(const struct spawn_spec *, pid_t *pid, enum spawn_step *step);

/* fork(2) for a child that goes on as part of this program. */
pid_t spawn_fork(void);

/*
 * The same for one that leads a process group of its own, gets no signal
 * before it called sig_reset, and dies (SIGKILL) with this process.
 */
pid_t spawn_fork_worker(void);

#endif
