/* child.c owns waiting: no other file of a running prun calls wait. */
#include "config.h"

#include "child.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { CHILD_BUCKETS = 256 };

static struct {
	struct list buckets[CHILD_BUCKETS];
	struct list ended;
	struct loop_watch watch;
	void (*other)(const struct sig_event *);
} children;

static struct list *
child_bucket(pid_t pid)
{
	return &children.buckets[(unsigned)pid % CHILD_BUCKETS];
}

static void
child_table_clear(void)
{
	int i;

	list_init(&children.ended);
	for (i = 0; i < CHILD_BUCKETS; i++)
		list_init(&children.buckets[i]);
}

static struct child *
child_find(pid_t pid)
{
	struct list *head = child_bucket(pid), *l;

	for (l = head->next; l != head; l = l->next)
		if (list_entry(l, struct child, link)->pid == pid)
			return list_entry(l, struct child, link);
	return NULL;
}

static int64_t
child_usec(struct timeval tv)
{
	return (int64_t)tv.tv_sec * 1000000 + tv.tv_usec;
}

/* Collect one child if it has ended; its fn is called later. */
static void
child_collect(struct child *c)
{
	struct rusage ru;
	int status;

	if (wait4(c->pid, &status, WNOHANG, &ru) != c->pid)
		return;
	c->end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	c->end.code = WIFSIGNALED(status) ? -1 : WEXITSTATUS(status);
	c->end.user = child_usec(ru.ru_utime);
	c->end.system = child_usec(ru.ru_stime);
	c->end.maxrss = ru.ru_maxrss;
	list_remove(&c->link);
	list_append(&children.ended, &c->link);
}

static void
child_collect_each(void)
{
	struct list *l, *next;
	int i;

	for (i = 0; i < CHILD_BUCKETS; i++)
		for (l = children.buckets[i].next; l != &children.buckets[i];
		    l = next) {
			next = l->next;
			child_collect(list_entry(l, struct child, link));
		}
}

/*
 * An ended process that nobody named is an orphan that came to us as its
 * subreaper, when it left our process group; else it may be somebody else's
 * to wait for (io.popen), and hides those behind it.
 */
static void
child_collect_all(void)
{
	struct child *c;
	siginfo_t si;

	for (;;) {
		si.si_pid = 0;
		if (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) == -1 ||
		    si.si_pid == 0)
			return;
		if ((c = child_find(si.si_pid)) != NULL)
			child_collect(c);
		else if (getpgid(si.si_pid) != getpgrp())
			waitpid(si.si_pid, NULL, WNOHANG);
		else {
			child_collect_each();
			return;
		}
	}
}

void
child_reap(void)
{
	struct list *l;
	struct child *c;

	child_collect_all();
	while ((l = list_shift(&children.ended)) != NULL) {
		c = list_entry(l, struct child, link);
		c->fn(c);
	}
}

void
child_signals(void)
{
	struct sig_event ev;
	bool reap = false;

	while (sig_next(&ev)) {
		if (ev.number == SIGCHLD)
			reap = true;
		else if (children.other != NULL)
			children.other(&ev);
	}
	if (reap)
		child_reap();
}

static void
child_ready(struct loop_watch *w, unsigned events)
{
	(void)w;
	(void)events;
	child_signals();
}

int
child_open(struct loop *loop, const struct sig_backend *backend,
    void (*fn)(const struct sig_event *))
{
	int fd = sig_fd(backend);

	child_table_clear();
	children.other = fn;
	children.watch = (struct loop_watch){ .fn = child_ready };
	return fd == -1 ? -1 : loop_watch(loop, &children.watch, fd, LOOP_READ);
}

void
child_close(struct loop *loop)
{
	loop_unwatch(loop, &children.watch);
	sig_forget();
	child_table_clear();
}

void
child_add(struct child *c, pid_t pid)
{
	c->pid = pid;
	list_append(child_bucket(pid), &c->link);
}

void
child_forget(struct child *c)
{
	list_remove(&c->link);
}

void
child_await(struct child *c)
{
	list_remove(&c->link);
	while (waitpid(c->pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}
