/* The environment that jobs get: the caller's, and a few lines of our own. */
#ifndef PRUN_ENV_H
#define PRUN_ENV_H

#include <stddef.h>
#include <stdint.h>

enum { ENV_SLOT = 40 };		/* bytes, enough for NAME=NUMBER of ours */

/*
 * vars is what execve(2) takes; it ends with NULL and is good until the next
 * call. Lines that begin with one of our names are replaced by ours.
 */
struct env {
	char **vars;
	size_t fixed;		/* of vars, before ours */
	char **owned;		/* lines made here, to be freed */
	size_t owned_len;
};

/* What tells a job who it is; 0 leaves a number's line out. */
struct env_job {
	uint64_t attempt;	/* unique in this process: the mark */
	uint64_t seq, slot;
	int64_t pid;		/* the master's */
};

/*
 * Take the lines of base (NULL-ended), or no line. 0, or -1 with errno ENOMEM.
 */
int env_open(struct env *, char *const *base);

/* Set NAME, or remove it when value is NULL. 0, or -1 with errno. */
int env_set(struct env *, const char *name, const char *value);

/*
 * Write the job's lines behind the others and its mark into mark (PRUN_ATTEMPT
 * and PRUN_SEQ, PRUN_JOBSLOT, PRUN_PID, the last three also with PARALLEL_ in
 * PRUN_'s place). Returns vars. The lines are shared by all: use them before
 * the next call.
 */
char *const *env_for_job(struct env *, const struct env_job *,
    char mark[ENV_SLOT]);

void env_close(struct env *);

#endif
