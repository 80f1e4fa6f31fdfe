/* Messages on a socket between two processes of ours, with descriptors. */
#ifndef PRUN_CHAN_H
#define PRUN_CHAN_H

#include <stddef.h>
#include <sys/types.h>

enum { CHAN_FDS = 4 };

/* Two ends, close-on-exec, that keep messages apart. 0, or -1 with errno. */
int chan_pair(int ends[2]);

/* Send one message, with n_fds descriptors. 0, or -1 with errno. */
int chan_send(int fd, const void *, size_t n, const int *fds, size_t n_fds);

/*
 * Receive one message: its length, 0 at the end, -1 with errno (EMSGSIZE: it
 * is longer than size). The descriptors that came with it are close-on-exec;
 * n_fds says how many there may be and then how many there are.
 */
ssize_t chan_receive(int fd, void *, size_t size, int *fds, size_t *n_fds);

#endif
