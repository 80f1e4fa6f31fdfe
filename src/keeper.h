/* The keeper: the parent that outlives the master and sweeps up after it. */
#ifndef PRUN_KEEPER_H
#define PRUN_KEEPER_H

#include <sys/types.h>

/*
 * Split the program in two, right after sig_init. The process that was
 * started becomes the keeper: it passes signals on, waits for the master,
 * ends every process that is left, and ends as the master ended; it never
 * returns. The call returns in the master, or, when no second process can be
 * had, in the only one.
 */
void keeper_start(void);

/* What reaches end of file when the keeper is gone; -1 without a keeper. */
int keeper_fd(void);

/* The keeper's pid as the master knows it; 0 without a keeper. */
pid_t keeper_pid(void);

/* In a forked worker: the keeper is none of its business. */
void keeper_forget(void);

#endif
