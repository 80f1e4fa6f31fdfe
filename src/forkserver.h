/* The fork server: a small process from which workers are forked. */
#ifndef PRUN_FORKSERVER_H
#define PRUN_FORKSERVER_H

/* Serve on the descriptor named; returns the exit status. */
int forkserver_run(const char *fd);

#endif
