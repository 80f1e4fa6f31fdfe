/* tree: all descendants are found and reached, and nobody else. */
#include <sys/wait.h>

#include <string.h>

#include "fd.h"
#include "tree.h"
#include "unit.h"

/* A child with a child of its own, which left its group; -1 without /proc. */
static pid_t
family(void)
{
	int fds[2];
	pid_t pid;
	char c;

	fd_pipe(fds);
	if ((pid = fork()) == 0) {
		/* check's own handler would end the whole group. */
		signal(SIGTERM, SIG_DFL);
		if (fork() == 0) {
			setsid();
			fd_write_all(fds[1], "x", 1);
		}
		for (;;)
			pause();
	}
	ck_assert_int_eq(fd_read(fds[0], &c, 1), 1);
	return access("/proc/self/stat", R_OK) == 0 ? pid : -1;
}

TEST(descendants)
{
	pid_t child = family(), self = getpid();
	struct tree_spec below = { .roots = &child, .n = 1 };
	struct tree tree;

	if (child == -1)
		return;
	tree_of(&below, &tree);
	ck_assert_uint_eq(tree.len, 1);
	ck_assert_int_ne(tree.pids[0], child);
	tree_free(&tree);
	below.roots = &self;
	tree_of(&below, &tree);
	ck_assert_uint_eq(tree.len, 2);
	tree_signal(&tree, SIGKILL);
	tree_free(&tree);
	waitpid(child, NULL, 0);
}
END(descendants)

/* Once: a root of 0 made every process of the machine a descendant. */
TEST(no_root_is_nobody)
{
	pid_t none[] = { 0, 1, -1 };
	struct tree_spec below = { .roots = none, .n = 3 };
	struct tree tree;

	tree_of(&below, &tree);
	ck_assert_uint_eq(tree.len, 0);
	tree_free(&tree);
}
END(no_root_is_nobody)

TEST(end_of_all)
{
	tree_adopt();
	if (family() == -1)
		return;
	ck_assert_uint_eq(tree_end(200000000), 2);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END(end_of_all)

UNIT("tree", descendants, no_root_is_nobody, end_of_all)
