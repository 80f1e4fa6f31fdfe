/* spawn: the program gets what it was given; a failure says which step. */
#include <sys/wait.h>

#include <errno.h>
#include <string.h>

#include "fd.h"
#include "spawn.h"
#include "unit.h"

static char *const environment[] = { (char *)(size_t)"A=b", NULL };

/* What sh -c text prints. */
static void
prints(const char *text, struct spawn_spec spec, const char *expected)
{
	char *argv[] = { (char *)(size_t)"sh", (char *)(size_t)"-c",
	    (char *)(size_t)text, NULL };
	char got[256] = "";
	enum spawn_step step;
	int fds[2];
	pid_t pid;

	ck_assert_int_eq(fd_pipe(fds), 0);
	spec.path = "/bin/sh";
	spec.argv = argv;
	spec.envp = environment;
	spec.fds[1] = fds[1];
	ck_assert_int_eq(spawn(&spec, &pid, &step), 0);
	fd_close(&fds[1]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_ge(fd_read(fds[0], got, sizeof got - 1), 0);
	ck_assert_str_eq(got, expected);
	fd_close(&fds[0]);
}

TEST(environment_and_folder)
{
	prints("echo $A; pwd", (struct spawn_spec){ .cwd = "/",
	    .fds = { SPAWN_NULL, -1, -1 } }, "b\n/\n");
}
END(environment_and_folder)

TEST(null_input)
{
	prints("cat; echo end", (struct spawn_spec){
	    .fds = { SPAWN_NULL, -1, -1 } }, "end\n");
}
END(null_input)

TEST(own_group)
{
	prints("test $(ps -o pgid= -p $$) = $$ && echo own",
	    (struct spawn_spec){ .own_group = true, .fds = { -1, -1, -1 } },
	    "own\n");
}
END(own_group)

static void
fails(struct spawn_spec spec, int error, enum spawn_step at)
{
	char *argv[] = { (char *)(size_t)"x", NULL };
	enum spawn_step step;
	pid_t pid;

	spec.argv = argv;
	spec.envp = environment;
	spec.fds[0] = spec.fds[1] = spec.fds[2] = -1;
	ck_assert_int_eq(spawn(&spec, &pid, &step), error);
	ck_assert_int_eq(step, at);
	/* No zombie is left. */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}

TEST(failures)
{
	if (unit_on_valgrind())
		return;
	fails((struct spawn_spec){ .path = "/nonexistent" }, ENOENT,
	    SPAWN_EXEC);
	fails((struct spawn_spec){ .path = "/etc" }, EACCES, SPAWN_EXEC);
	fails((struct spawn_spec){ .path = "/bin/sh", .cwd = "/nonexistent" },
	    ENOENT, SPAWN_CWD);
}
END(failures)

UNIT("spawn", environment_and_folder, null_input, own_group, failures)
