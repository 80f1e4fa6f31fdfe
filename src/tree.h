/* Process trees: who descends from a process, and signals to all of them. */
#ifndef PRUN_TREE_H
#define PRUN_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Living processes (no zombies). All zero is an empty list; free pids. */
struct tree {
	pid_t *pids;
	size_t len;
};

/*
 * Become the one to whom orphaned descendants come, so that none can hide by
 * a double fork. False where the system knows no such thing.
 */
bool tree_adopt(void);

/*
 * All descendants of the n roots, the roots themselves not. With a mark (a
 * line NAME=VALUE) also those orphans that came to this process and were
 * started with that line in their environment, and all below them: what a job
 * left behind. Empty when the system does not show its processes (no /proc).
 */
struct tree_spec {
	const pid_t *roots;
	const char *const *marks;	/* NULL, or one a root; each may be NULL */
	size_t n;
};

void tree_of(const struct tree_spec *, struct tree *);

/* Send a signal to each; TERM is followed by CONT, so that stopped ones wake. */
void tree_signal(const struct tree *, int number);

void tree_free(struct tree *);

/*
 * How a process is: the system's letter, as R, S, or T for a stopped one; 0
 * when there is no such process, or no way to know.
 */
char tree_state(pid_t);

/*
 * End all descendants of this process: TERM, until grace (nanoseconds)
 * passed, then KILL until none is left. Returns how many there were.
 */
size_t tree_end(int64_t grace);

#endif
