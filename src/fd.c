/* fd.c owns what is the same for every descriptor. */
#include "config.h"

#include "fd.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef O_TMPFILE
#define O_TMPFILE 0
#endif

/* Descriptors to leave for what cannot do without: jobs, logs, inputs. */
enum { FD_SPARE = 8 };

int
fd_cloexec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags == -1 ? -1 : fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

int
fd_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int
fd_pipe(int fds[2])
{
	fds[0] = fds[1] = -1;
#ifdef HAVE_PIPE2
	return pipe2(fds, O_CLOEXEC);
#else
	if (pipe(fds) == -1)
		return -1;
	if (fd_cloexec(fds[0]) == -1 || fd_cloexec(fds[1]) == -1) {
		fd_close(&fds[0]);
		fd_close(&fds[1]);
		return -1;
	}
	return 0;
#endif
}

void
fd_close(int *fd)
{
	int saved = errno;

	if (*fd != -1)
		close(*fd);
	*fd = -1;
	errno = saved;
}

static bool was_closed[3];

bool
fd_was_closed(int fd)
{
	return was_closed[fd];
}

int
fd_fill_standard(void)
{
	int fd, i;

	for (i = 0; i <= 2; i++) {
		if (fcntl(i, F_GETFD) != -1 || errno != EBADF)
			continue;
		was_closed[i] = true;
		/* Read-only also for 1 and 2: a write must fail. */
		if ((fd = open("/dev/null", O_RDONLY)) == -1)
			return -1;
		if (fd != i) {
			close(fd);
			errno = EBADF;
			return -1;
		}
	}
	return 0;
}

ssize_t
fd_read(int fd, void *p, size_t n)
{
	ssize_t r;

	do
		r = read(fd, p, n);
	while (r == -1 && errno == EINTR);
	return r;
}

ssize_t
fd_write(int fd, const void *p, size_t n)
{
	ssize_t r;

	do
		r = write(fd, p, n);
	while (r == -1 && errno == EINTR);
	return r;
}

int
fd_write_all(int fd, const void *data, size_t n)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	const char *p = data;
	ssize_t r;

	while (n > 0) {
		if ((r = fd_write(fd, p, n)) >= 0) {
			p += r;
			n -= (size_t)r;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&pfd, 1, -1);
		else
			return -1;
	}
	return 0;
}

bool
fd_readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, 0) > 0;
}

/* Whether a descriptor is one of the last few that the limit allows. */
static bool
fd_is_scarce(int fd)
{
	struct rlimit rl;

	return getrlimit(RLIMIT_NOFILE, &rl) == 0 &&
	    rl.rlim_cur != RLIM_INFINITY && (rlim_t)fd + FD_SPARE > rl.rlim_cur;
}

int
fd_reopen_nonblock(int fd)
{
	char path[40];
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISFIFO(st.st_mode) && !(S_ISCHR(st.st_mode) && isatty(fd)))
		return -1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd != -1 && fd_is_scarce(fd))
		fd_close(&fd);
	return fd;
}

int
fd_null(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd != -1 && fd_is_scarce(fd))
		fd_close(&fd);
	return fd;
}

int
fd_temporary(const char *dir)
{
	char path[4096];
	int fd;

	if (O_TMPFILE != 0 &&
	    (fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) != -1)
		return fd;
	if (snprintf(path, sizeof path, "%s/prunXXXXXX", dir) >=
	    (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if ((fd = mkstemp(path)) == -1)
		return -1;
	unlink(path);
	if (fd_cloexec(fd) == -1)
		fd_close(&fd);
	return fd;
}
