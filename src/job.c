/* job.c owns the life of a command: streams, timeout, and when it is done. */
#include "config.h"

#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "tree.h"

enum {
	JOB_BLOCK = 65536,	/* bytes a read */
	JOB_BLOCKS_A_TURN = 4,	/* reads a turn and stream */
	JOB_BLOCKS_AT_END = 32,	/* reads once the process is reaped */
	JOB_SINK_FULL = 1 << 20,
	JOB_PIPE = 1 << 16,	/* bytes a pipe holds */
	JOB_PIPE_LARGE = 1 << 20	/* and one for much input */
};

/*
 * Jobs younger than this, in nanoseconds, are not watched by the loop: most
 * end sooner, and then their output is read once, when they are reaped.
 */
#define JOB_FRESH 2000000

static void job_check_done(struct job *);
static void stream_ready(struct loop_watch *, unsigned);

/* The set. */

static void
set_watch_fresh(struct loop_timer *t)
{
	struct job_set *set = list_entry(t, struct job_set, timer);
	struct list *l, *next;
	struct job *job;
	int64_t now = loop_clock();
	int i;

	for (l = set->fresh.next; l != &set->fresh; l = next) {
		next = l->next;
		job = list_entry(l, struct job, link);
		if (job->started + JOB_FRESH > now) {
			loop_timer(set->loop, t, job->started + JOB_FRESH);
			return;
		}
		list_remove(l);
		for (i = 0; i < 2; i++)
			if (job->out[i].fd != -1)
				loop_watch(set->loop, &job->out[i].watch,
				    job->out[i].fd, LOOP_READ);
	}
}

void
job_set_open(struct job_set *set, struct loop *loop)
{
	*set = (struct job_set){ .loop = loop,
	    .timer = { .fn = set_watch_fresh } };
	list_init(&set->fresh);
	list_init(&set->paused);
	if ((set->null = fd_null()) == -1)
		set->null = SPAWN_NULL;
}

void
job_set_close(struct job_set *set)
{
	loop_untimer(set->loop, &set->timer);
	if (set->null != SPAWN_NULL)
		fd_close(&set->null);
}

void
job_set_resume(struct job_set *set)
{
	struct job_stream *s;
	struct list *l;

	while ((l = list_shift(&set->paused)) != NULL) {
		s = list_entry(l, struct job_stream, link);
		loop_watch(set->loop, &s->watch, s->fd, LOOP_READ);
	}
}

/* Streams. */

static void
stream_init(struct job_stream *s, struct job *job, enum sink_way way)
{
	*s = (struct job_stream){ .job = job, .fd = -1, .way = way,
	    .watch = { .fn = stream_ready } };
	list_init(&s->link);
	spool_init(&s->spool);
}

static void
stream_close(struct job_stream *s)
{
	loop_unwatch(s->job->set->loop, &s->watch);
	list_remove(&s->link);
	fd_close(&s->fd);
}

/* Whole lines go to the live sink; what is left begins a line. */
static int
stream_forward(struct job_stream *s, const char *p, size_t n)
{
	struct sink *sink = s->job->live;
	const char *nl = memrchr(p, '\n', n);
	size_t whole = nl ? (size_t)(nl - p) + 1 : 0;

	if (whole > 0) {
		/* A failed write is the sink's to report. */
		sink_spool(sink, s->way, &s->spool, &s->prefix);
		sink_lines(sink, s->way, p, whole, &s->prefix);
	}
	return spool_append(&s->spool, p + whole, n - whole);
}

/* Output that cannot be kept ends the job; what it wrote so far stays. */
static void
stream_take(struct job_stream *s, const char *p, size_t n)
{
	struct job *job = s->job;
	int r;

	s->bytes += n;
	if (job->error)
		return;
	r = job->live ? stream_forward(s, p, n) : spool_append(&s->spool, p, n);
	if (r == 0)
		return;
	job->error = errno;
	job_signal(&job, 1, SIGKILL);
}

/* Read up to so many blocks; closes the stream at its end. */
static void
stream_read(struct job_stream *s, int blocks)
{
	static char block[JOB_BLOCK];
	ssize_t n;

	while (s->fd != -1 && blocks-- > 0) {
		n = fd_read(s->fd, block, sizeof block);
		if (n > 0)
			stream_take(s, block, (size_t)n);
		else if (n == 0 || errno != EAGAIN)
			stream_close(s);
		else
			return;
	}
}

static void
stream_ready(struct loop_watch *w, unsigned events)
{
	struct job_stream *s = list_entry(w, struct job_stream, watch);
	struct job *job = s->job;

	(void)events;
	if (job->live != NULL && job->live->queued > JOB_SINK_FULL) {
		loop_unwatch(job->set->loop, w);
		list_append(&job->set->paused, &s->link);
		return;
	}
	stream_read(s, JOB_BLOCKS_A_TURN);
	job_check_done(job);
}

/* Feed the job's standard input. */
static void
stream_feed(struct loop_watch *w, unsigned events)
{
	struct job *job = list_entry(w, struct job, in.watch);
	ssize_t n;

	(void)events;
	while (job->input_len > 0) {
		n = fd_write(job->in.fd, job->input, job->input_len);
		if (n == -1 && errno == EAGAIN)
			return;
		/* A program need not read all of its input. */
		if (n == -1)
			break;
		job->input += n;
		job->input_len -= (size_t)n;
	}
	job->input_len = 0;
	stream_close(&job->in);
}

/* Jobs. */

static void
job_timed_out(struct loop_timer *t)
{
	struct job *job = list_entry(t, struct job, timeout);

	if (job->on_timeout != NULL)
		job->on_timeout(job);
}

/* Somebody else keeps the output open: take what is there, and be done. */
static void
job_lingered(struct loop_timer *t)
{
	struct job *job = list_entry(t, struct job, linger);
	int i;

	for (i = 0; i < 2; i++) {
		stream_read(&job->out[i], JOB_BLOCKS_AT_END);
		stream_close(&job->out[i]);
	}
	job_check_done(job);
}

static void
job_check_done(struct job *job)
{
	struct loop *loop = job->set->loop;

	if (!job->running || !job->reaped || job->out[0].fd != -1 ||
	    job->out[1].fd != -1)
		return;
	job->running = false;
	list_remove(&job->link);
	loop_untimer(loop, &job->timeout);
	loop_untimer(loop, &job->linger);
	stream_close(&job->in);
	job->input_len = 0;
	if (job->live != NULL)
		job_print(job, job->live);
	job->on_done(job);
}

static void
job_ended(struct child *c)
{
	struct job *job = list_entry(c, struct job, child);
	struct loop *loop = job->set->loop;
	int i;

	job->ended = loop_clock();
	job->reaped = true;
	list_remove(&job->link);
	for (i = 0; i < 2; i++) {
		stream_read(&job->out[i], JOB_BLOCKS_AT_END);
		if (job->out[i].fd != -1) {
			list_remove(&job->out[i].link);
			loop_watch(loop, &job->out[i].watch, job->out[i].fd,
			    LOOP_READ);
			loop_timer(loop, &job->linger,
			    job->ended + JOB_LINGER);
		}
	}
	job_check_done(job);
}

void
job_init(struct job *job, struct job_set *set)
{
	*job = (struct job){ .set = set };
	list_init(&job->link);
	list_init(&job->child.link);
	job->child.fn = job_ended;
	job->timeout.fn = job_timed_out;
	job->linger.fn = job_lingered;
	stream_init(&job->out[0], job, SINK_OUT);
	stream_init(&job->out[1], job, SINK_ERR);
	stream_init(&job->in, job, SINK_OUT);
	job->in.watch.fn = stream_feed;
}

/* Open one stream: *theirs is the program's end, made here when *made. */
static int
job_open_stream(struct job *job, int i, const struct job_stream_spec *spec,
    int *theirs, bool *made)
{
	struct job_stream *s = i == 0 ? &job->in : &job->out[i - 1];
	int fds[2];

	switch (spec->how) {
	case JOB_NULL:
		*theirs = job->set->null;
		return 0;
	case JOB_FD:
		*theirs = spec->fd;
		return 0;
	case JOB_KEEP:
		if (fd_pipe(fds) == -1)
			return -1;
		s->fd = fds[i != 0 ? 0 : 1];
		*theirs = fds[i != 0 ? 1 : 0];
		*made = true;
#ifdef F_SETPIPE_SZ
		/* Fewer turns for much input; without it all goes, too. */
		if (i == 0 && job->input_len > JOB_PIPE)
			fcntl(s->fd, F_SETPIPE_SZ, JOB_PIPE_LARGE);
#endif
		return fcntl(s->fd, F_SETFL, O_NONBLOCK);
	default:
		return 0;
	}
}

static void
job_close_streams(struct job *job)
{
	stream_close(&job->in);
	stream_close(&job->out[0]);
	stream_close(&job->out[1]);
}

/* Spawn with the streams that spec asks for; ours are left open on success. */
static int
job_spawn(struct job *job, const struct job_spec *spec, pid_t *pid,
    enum spawn_step *step)
{
	struct spawn_spec s = spec->spawn;
	bool made[3] = { false };
	int i, error = 0;

	*step = SPAWN_FDS;
	for (i = 0; i < 3; i++)
		s.fds[i] = -1;
	for (i = 0; i < 3 && error == 0; i++)
		if (job_open_stream(job, i, &spec->streams[i], &s.fds[i],
		    &made[i]) == -1)
			error = errno;
	if (spec->streams[2].how == JOB_SAME)
		s.fds[2] = 1;
	s.own_group = !spec->same_group;
	s.die_with_parent = true;
	if (error == 0)
		error = spawn(&s, pid, step);
	for (i = 0; i < 3; i++)
		if (made[i])
			fd_close(&s.fds[i]);
	if (error == 0)
		return 0;
	job_close_streams(job);
	errno = error;
	return -1;
}

int
job_start(struct job *job, const struct job_spec *spec, enum spawn_step *step)
{
	struct job_set *set = job->set;
	pid_t pid;

	job->out[0].bytes = job->out[1].bytes = 0;
	job->out[0].prefix.inside = job->out[1].prefix.inside = false;
	job->error = 0;
	job->reaped = false;
	job->started = loop_clock();
	if (job_spawn(job, spec, &pid, step) == -1)
		return -1;
	job->running = true;
	child_add(&job->child, pid);
	if (job->out[0].fd != -1 || job->out[1].fd != -1) {
		if (list_empty(&set->fresh))
			loop_timer(set->loop, &set->timer,
			    job->started + JOB_FRESH);
		list_append(&set->fresh, &job->link);
	}
	if (job->in.fd != -1)
		loop_watch(set->loop, &job->in.watch, job->in.fd, LOOP_WRITE);
	if (spec->timeout > 0)
		loop_timer(set->loop, &job->timeout,
		    job->started + spec->timeout);
	return 0;
}

void
job_prefix(struct job *job, const char *text, size_t len)
{
	int i;

	for (i = 0; i < 2; i++)
		job->out[i].prefix = (struct sink_prefix){ text, len, false };
}

void
job_live(struct job *job, struct sink *sink)
{
	job->live = sink;
	if (sink != NULL)
		job_print(job, sink);
}

int
job_print(struct job *job, struct sink *sink)
{
	int i, r = 0;

	for (i = 0; i < 2; i++)
		if (spool_len(&job->out[i].spool) > 0 &&
		    sink_spool(sink, job->out[i].way, &job->out[i].spool,
		    &job->out[i].prefix) == -1)
			r = -1;
	return r;
}

void
job_drop(struct job *job)
{
	spool_free(&job->out[0].spool);
	spool_free(&job->out[1].spool);
}

/* Those outside the jobs' groups: the groups have had the signal. */
static void
job_signal_strays(const struct tree_spec *spec, int number)
{
	struct tree all, one = { .len = 1 };
	pid_t group;
	size_t i, k;

	tree_of(spec, &all);
	for (i = 0; i < all.len; i++) {
		group = getpgid(all.pids[i]);
		for (k = 0; k < spec->n && spec->roots[k] != group; k++)
			continue;
		one.pids = &all.pids[i];
		if (k == spec->n)
			tree_signal(&one, number);
	}
	tree_free(&all);
}

/* To its group; to itself alone when it leads none (the xargs face). */
static void
job_signal_group(const struct job *job, int number)
{
	pid_t pid = job->child.pid;
	pid_t target = getpgid(pid) == pid ? -pid : pid;

	kill(target, number);
	if (number == SIGTERM)
		kill(target, SIGCONT);
}

void
job_signal(struct job **jobs, size_t n, int number)
{
	pid_t *roots = calloc(n + 1, sizeof *roots);
	const char **marks = calloc(n + 1, sizeof *marks);
	struct tree_spec spec = { .roots = roots, .marks = marks };
	size_t i;

	for (i = 0; i < n; i++) {
		if (!jobs[i]->running)
			continue;
		/* Once reaped, its number may be somebody else's. */
		if (!jobs[i]->reaped)
			job_signal_group(jobs[i], number);
		if (roots == NULL || marks == NULL)
			continue;
		roots[spec.n] = jobs[i]->reaped ? -1 : jobs[i]->child.pid;
		marks[spec.n++] = jobs[i]->mark;
	}
	if (spec.n > 0)
		job_signal_strays(&spec, number);
	free(roots);
	free(marks);
}

void
job_free(struct job *job)
{
	if (job->running && !job->reaped) {
		job_signal(&job, 1, SIGKILL);
		/* Nobody waits for it by name now; as an orphan it is reaped. */
		child_forget(&job->child);
	}
	job->running = false;
	list_remove(&job->link);
	loop_untimer(job->set->loop, &job->timeout);
	loop_untimer(job->set->loop, &job->linger);
	job_close_streams(job);
	job_drop(job);
}
