/* Descriptors: close-on-exec from birth, whole reads and writes. */
#ifndef PRUN_FD_H
#define PRUN_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A pipe, both ends close-on-exec. 0, or -1 with errno and both ends -1. */
int fd_pipe(int fds[2]);

int fd_cloexec(int fd);
int fd_nonblock(int fd);

/* Close *fd when it is open and set it to -1; errno is kept. */
void fd_close(int *fd);

/*
 * Descriptors 0 to 2 that the caller left closed are filled, so that none of
 * ours can land there: reading gives end of file, writing gives EBADF, as
 * with a closed one. 0, or -1 with errno.
 */
int fd_fill_standard(void);

/* Whether descriptor 0, 1 or 2 was one of those. */
bool fd_was_closed(int fd);

/* read and write again after EINTR; like read(2) and write(2) otherwise. */
ssize_t fd_read(int fd, void *, size_t);
ssize_t fd_write(int fd, const void *, size_t);

/* Write all n bytes, waiting when need be. 0, or -1 with errno. */
int fd_write_all(int fd, const void *, size_t n);

/* Whether a read would return at once (data, end of file or an error). */
bool fd_readable(int fd);

/*
 * A second, non-blocking open of the pipe or terminal behind fd, whose flags
 * are shared with nobody; -1 when there can be none (sockets, no /proc), or
 * when descriptors are scarce.
 */
int fd_reopen_nonblock(int fd);

/*
 * /dev/null to read and write, or -1 when it cannot be had or descriptors are
 * so scarce that it is better opened when it is needed.
 */
int fd_null(void);

/*
 * An open file in dir that has no name and vanishes when closed. -1 with
 * errno.
 */
int fd_temporary(const char *dir);

#endif
