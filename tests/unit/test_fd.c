/* fd: what we open is close-on-exec and private; writes are whole. */
#include <sys/stat.h>

#include <fcntl.h>
#include <string.h>

#include "fd.h"
#include "unit.h"

TEST(pipe_is_cloexec)
{
	int fds[2];

	ck_assert_int_eq(fd_pipe(fds), 0);
	ck_assert(fcntl(fds[0], F_GETFD) & FD_CLOEXEC);
	ck_assert(fcntl(fds[1], F_GETFD) & FD_CLOEXEC);
	ck_assert(!fd_readable(fds[0]));
	ck_assert_int_eq(fd_write_all(fds[1], "x", 1), 0);
	ck_assert(fd_readable(fds[0]));
	fd_close(&fds[1]);
	ck_assert_int_eq(fds[1], -1);
	fd_close(&fds[1]);
	fd_close(&fds[0]);
}
END(pipe_is_cloexec)

TEST(temporary_has_no_name)
{
	struct stat st;
	int fd = fd_temporary("/tmp");

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_nlink, 0);
	fd_close(&fd);
	ck_assert_int_eq(fd_temporary("/nonexistent"), -1);
}
END(temporary_has_no_name)

TEST(write_all_waits)
{
	char block[4096], got[4096];
	size_t sum = 0;
	ssize_t n;
	int fds[2];

	memset(block, 'x', sizeof block);
	ck_assert_int_eq(fd_pipe(fds), 0);
	fd_nonblock(fds[1]);
	if (fork() == 0) {
		fd_close(&fds[0]);
		for (int i = 0; i < 100; i++)
			if (fd_write_all(fds[1], block, sizeof block) == -1)
				_exit(1);
		_exit(0);
	}
	fd_close(&fds[1]);
	while ((n = fd_read(fds[0], got, sizeof got)) > 0)
		sum += (size_t)n;
	ck_assert_uint_eq(sum, 100 * sizeof block);
	fd_close(&fds[0]);
}
END(write_all_waits)

TEST(reopened_pipe_is_its_own)
{
	int fds[2], again;

	ck_assert_int_eq(fd_pipe(fds), 0);
	again = fd_reopen_nonblock(fds[1]);
	if (again == -1)
		return;
	ck_assert(fcntl(again, F_GETFL) & O_NONBLOCK);
	ck_assert(!(fcntl(fds[1], F_GETFL) & O_NONBLOCK));
	ck_assert_int_eq(fd_write_all(again, "y", 1), 0);
	ck_assert(fd_readable(fds[0]));
}
END(reopened_pipe_is_its_own)

UNIT("fd", pipe_is_cloexec, temporary_has_no_name, write_all_waits,
    reopened_pipe_is_its_own)
