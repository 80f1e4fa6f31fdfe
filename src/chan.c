/* chan.c owns sending and receiving descriptors. */
#include "config.h"

#include "chan.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"

/* Room for the control message, aligned as the system wants it. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(CHAN_FDS * sizeof(int))];
};

int
chan_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

int
chan_send(int fd, const void *bytes, size_t n, const int *fds, size_t n_fds)
{
	struct iovec iov = { (void *)bytes, n };
	union control control;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;
	ssize_t r;

	if (n_fds > 0) {
		memset(&control, 0, sizeof control);
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof *fds);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof *fds);
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof *fds);
	}
	do
		r = sendmsg(fd, &msg, MSG_NOSIGNAL);
	while (r == -1 && errno == EINTR);
	return r == -1 ? -1 : 0;
}

/* What came, as far as there is room; the others are closed. */
static void
chan_take(const struct cmsghdr *c, int *fds, size_t room, size_t *len)
{
	size_t i, n = (c->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
	int fd;

	for (i = 0; i < n; i++) {
		memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
		if (*len < room)
			fds[(*len)++] = fd;
		else
			close(fd);
	}
}

ssize_t
chan_receive(int fd, void *bytes, size_t size, int *fds, size_t *n_fds)
{
	struct iovec iov = { bytes, size };
	union control control;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = control.bytes, .msg_controllen = sizeof control };
	struct cmsghdr *c;
	size_t room = n_fds ? *n_fds : 0, len = 0;
	ssize_t r;

	do
		r = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
	while (r == -1 && errno == EINTR);
	if (r == -1)
		return -1;
	for (c = CMSG_FIRSTHDR(&msg); c != NULL; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
			chan_take(c, fds, room, &len);
	if (n_fds != NULL)
		*n_fds = len;
	if (msg.msg_flags & MSG_TRUNC) {
		while (len > 0)
			fd_close(&fds[--len]);
		errno = EMSGSIZE;
		return -1;
	}
	return r;
}
