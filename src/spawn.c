/* spawn.c owns the way from one process to two. */
#include "config.h"

#include "spawn.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "sig.h"

#ifdef PR_SET_PDEATHSIG
#define spawn_die_with_parent() prctl(PR_SET_PDEATHSIG, SIGKILL)
#else
#define spawn_die_with_parent() 0
#endif

/* What the vforked child writes into our memory. */
struct spawn_failure {
	int error;
	enum spawn_step step;
};

/*
 * Make fd the program's descriptor i. /dev/null is opened here, into the place
 * just closed, so that the parent, whose descriptors may be few, keeps none.
 */
static int
spawn_place(int fd, int i)
{
	if (fd == SPAWN_NULL) {
		close(i);
		return open("/dev/null", O_RDWR);
	}
	return fd == -1 || fd == i ? 0 : dup2(fd, i);
}

/*
 * The child's side: async-signal-safe calls only, on the parent's memory. It
 * returns only to say, through errno, that the step in failure failed. The
 * struct as a whole is volatile: the compiler sees no path by which the parent
 * could read what a process that ends in _exit has written.
 */
static void
spawn_child(const struct spawn_spec *spec, pid_t parent,
    volatile struct spawn_failure *failure)
{
	size_t n;
	int i;

	failure->step = SPAWN_GROUP;
	if (spec->own_group && setpgid(0, 0) == -1)
		return;
	if (spec->die_with_parent) {
		spawn_die_with_parent();
		/* The parent may have died before the request was made. */
		if (getppid() != parent)
			_exit(127);
	}
	failure->step = SPAWN_FDS;
	for (i = 0; i < 3; i++)
		if (spawn_place(spec->fds[i], i) == -1)
			return;
	for (n = 0; n < spec->passed; n++)
		if (fcntl(spec->pass[n], F_SETFD, 0) == -1)
			return;
	failure->step = SPAWN_CWD;
	if (spec->cwd != NULL && chdir(spec->cwd) == -1)
		return;
	failure->step = SPAWN_EXEC;
	sig_restore();
	execve(spec->path, spec->argv, spec->envp);
}

int
spawn(const struct spawn_spec *spec, pid_t *pid, enum spawn_step *step)
{
	volatile struct spawn_failure failure = { 0, SPAWN_FORK };
	pid_t parent = getpid();
	int error;

	sig_hold();
	*pid = vfork();
	if (*pid == 0) {
		spawn_child(spec, parent, &failure);
		failure.error = errno ? errno : ENOEXEC;
		_exit(127);
	}
	error = *pid == -1 ? errno : failure.error;
	sig_release();
	*step = failure.step;
	if (*pid != -1 && error != 0)
		while (waitpid(*pid, NULL, 0) == -1 && errno == EINTR)
			continue;
	return error;
}

pid_t
spawn_fork(void)
{
	return fork();
}

pid_t
spawn_fork_worker(void)
{
	pid_t pid, parent = getpid();

	sig_hold();
	if ((pid = fork()) == 0) {
		setpgid(0, 0);
		spawn_die_with_parent();
		if (getppid() != parent)
			_exit(127);
		return 0;
	}
	/* Both sides, so that the group is there for whoever needs it first. */
	if (pid != -1)
		setpgid(pid, pid);
	sig_release();
	return pid;
}
