/* One command and its streams, from its start until its output is complete. */
#ifndef PRUN_JOB_H
#define PRUN_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "child.h"
#include "env.h"
#include "list.h"
#include "loop.h"
#include "sink.h"
#include "spawn.h"
#include "spool.h"

/* What all jobs of a program share. Open once, close when no job runs. */
struct job_set {
	struct loop *loop;
	struct list fresh;	/* started so lately that nobody watches them */
	struct list paused;	/* streams whose sink is full */
	struct loop_timer timer;
	uint64_t started;	/* jobs, ever */
	int null;		/* /dev/null, or SPAWN_NULL */
};

void job_set_open(struct job_set *, struct loop *);
void job_set_close(struct job_set *);

/* Read on from streams that a full sink had paused. */
void job_set_resume(struct job_set *);

enum job_how {
	JOB_NULL,		/* /dev/null */
	JOB_INHERIT,		/* the program's own */
	JOB_FD,			/* a descriptor of the caller's */
	JOB_KEEP,		/* output: into a spool; input: bytes of a spool */
	JOB_SAME,		/* stderr: where stdout goes */
};

struct job_stream_spec {
	enum job_how how;
	int fd;			/* with JOB_FD */
};

/* spawn.fds, own_group and die_with_parent are filled in from the rest. */
struct job_spec {
	struct spawn_spec spawn;
	struct job_stream_spec streams[3];
	bool same_group;	/* stay in the program's process group */
	int64_t timeout;	/* nanoseconds, 0: none */
};

struct job_stream {
	struct job *job;
	struct list link;	/* on job_set.paused */
	struct loop_watch watch;
	struct spool spool;
	struct sink_prefix prefix;
	uint64_t bytes;		/* read in all */
	int fd;
	enum sink_way way;
};

/*
 * A job may be used for one command after another. job_init once, then
 * job_start; from a turn of the loop on_timeout may be called, and on_done
 * once: when the process was reaped and its output is complete, or when
 * somebody else still holds its output JOB_LINGER after its end. The output
 * then waits in the spools until job_print or job_drop. job_free ends a
 * running one by SIGKILL and calls nobody.
 */
struct job {
	struct child child;
	struct job_set *set;
	struct list link;	/* on job_set.fresh */
	struct job_stream out[2];
	struct job_stream in;
	const char *input;	/* what in is still to be fed, the caller's */
	size_t input_len;
	struct loop_timer timeout, linger;
	struct sink *live;	/* lines go here as they come */
	int64_t started, ended;	/* loop_clock */
	int error;		/* errno: output that could not be kept */
	bool running, reaped;
	char mark[ENV_SLOT];	/* a line of its environment, its own */
	void (*on_done)(struct job *);
	void (*on_timeout)(struct job *);
};

#define JOB_LINGER 1000000000

void job_init(struct job *, struct job_set *);

/*
 * Start. 0, or -1 with errno and *step telling what failed; then on_done is
 * not called. Bytes for a JOB_KEEP input are put into in.spool before.
 */
int job_start(struct job *, const struct job_spec *, enum spawn_step *);

/* From now on its lines go to the sink, those already there first. */
void job_live(struct job *, struct sink *);

/* Give the kept output to the sink, stdout first; the job is empty then. */
int job_print(struct job *, struct sink *);

/* The text before each line of its output, kept by the caller; NULL: none. */
void job_prefix(struct job *, const char *text, size_t len);

/* Forget the kept output. */
void job_drop(struct job *);

/*
 * Send a signal to the processes of n running jobs: their groups, and those
 * of their descendants that left the group.
 */
void job_signal(struct job **, size_t n, int number);

void job_free(struct job *);

#endif
