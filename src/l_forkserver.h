/* The master's side of the fork server. */
#ifndef PRUN_L_FORKSERVER_H
#define PRUN_L_FORKSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "loop.h"
#include "place.h"

/* Whether there is one; it is started when it is first needed, and again. */
bool l_forkserver_runs(void);

/*
 * Start it, with the bytes for prun.mp.preload. ended(pid, code, signal) is
 * called for each worker of its that ended, and with pid 0 when the server
 * itself did: then all its workers are being killed. 0, or -1 with errno, or
 * with errno 0 and why it could not load what it should.
 */
int l_forkserver_start(struct loop *, const void *boot, size_t n,
    void (*ended)(pid_t, int code, int signal), char *why, size_t size);

/* A worker at the place. 0, or -1 with errno. */
int l_forkserver_fork(const struct place *, pid_t *pid);

/* Its pid, or 0. */
pid_t l_forkserver_pid(void);

/* In a forked worker: there is none. */
void l_forkserver_forget(void);

#endif
