/* child: the ends of named children are told, of others not taken. */
#include <sys/wait.h>

#include <errno.h>

#include "child.h"
#include "unit.h"

static int told;

static void
tell(struct child *c)
{
	(void)c;
	told++;
}

static pid_t
fork_exit(int code)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(code);
	return pid;
}

TEST(code_and_signal)
{
	struct loop *loop = unit_loop();
	struct child a = { .fn = tell }, b = { .fn = tell };
	pid_t pid;

	child_add(&a, fork_exit(7));
	if ((pid = fork()) == 0) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	child_add(&b, pid);
	while (told < 2)
		loop_turn(loop, -1);
	ck_assert_int_eq(a.end.code, 7);
	ck_assert_int_eq(a.end.signal, 0);
	ck_assert_int_eq(b.end.code, -1);
	ck_assert_int_eq(b.end.signal, SIGTERM);
	child_close(loop);
	loop_free(loop);
}
END(code_and_signal)

TEST(others_are_left)
{
	struct loop *loop = unit_loop();
	struct child a = { .fn = tell };
	pid_t other = fork_exit(3);
	int status;

	/* An ended one of somebody else's, in our group, hides those behind. */
	while (waitid(P_PID, (id_t)other, &(siginfo_t){ 0 },
	    WEXITED | WNOWAIT) == -1 && errno == EINTR)
		continue;
	child_add(&a, fork_exit(0));
	while (told < 1)
		loop_turn(loop, -1);
	ck_assert_int_eq(waitpid(other, &status, 0), other);
	ck_assert_int_eq(WEXITSTATUS(status), 3);
	child_close(loop);
	loop_free(loop);
}
END(others_are_left)

UNIT("child", code_and_signal, others_are_left)
