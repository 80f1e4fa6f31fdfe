/* What the two back ends of sig.c need of it. */
#ifndef PRUN_SIG_BACKEND_H
#define PRUN_SIG_BACKEND_H

#include <signal.h>

/* Fill the set with the signals that come through sig_next. */
void sig_watched_set(sigset_t *);

/* What sig_interrupt was given, or NULL. */
extern void (*volatile sig_interrupted)(void);

#endif
