/* tree.c owns looking through /proc for descendants, and ending them. */
#include "config.h"

#include "tree.h"

#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "fd.h"

/* How long tree_end goes on killing, in nanoseconds. */
#define TREE_PATIENCE 5000000000

struct entry {
	pid_t pid, parent;
	bool in;		/* belongs to the tree */
	bool zombie;
};

struct table {
	struct entry *entries;
	size_t len, cap;
};

bool
tree_adopt(void)
{
#ifdef PR_SET_CHILD_SUBREAPER
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
#else
	return false;
#endif
}

static ssize_t
tree_read(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, file);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	n = fd_read(fd, text, size - 1);
	fd_close(&fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

char
tree_state(pid_t pid)
{
	char text[512], *p;

	if (tree_read(pid, "stat", text, sizeof text) <= 0 ||
	    (p = strrchr(text, ')')) == NULL || p[1] == '\0')
		return 0;
	return p[2];
}

static bool
tree_entry(pid_t pid, struct entry *e)
{
	char text[512], *p;
	long parent;

	if (tree_read(pid, "stat", text, sizeof text) <= 0)
		return false;
	/* The name, in parentheses, may itself hold any character. */
	if ((p = strrchr(text, ')')) == NULL || p[1] == '\0')
		return false;
	parent = strtol(p + 3, NULL, 10);
	*e = (struct entry){ .pid = pid, .parent = (pid_t)parent,
	    .zombie = p[2] == 'Z' || p[2] == 'X' };
	return true;
}

static int
tree_add(struct table *t, struct entry e)
{
	size_t cap = t->cap ? t->cap * 2 : 128;
	struct entry *entries;

	if (t->len == t->cap) {
		if ((entries = realloc(t->entries, cap * sizeof e)) == NULL)
			return -1;
		t->entries = entries;
		t->cap = cap;
	}
	t->entries[t->len++] = e;
	return 0;
}

static void
tree_scan(struct table *t)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	struct entry e;

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		if (d->d_name[0] < '1' || d->d_name[0] > '9')
			continue;
		if (!tree_entry((pid_t)strtol(d->d_name, NULL, 10), &e))
			continue;
		if (tree_add(t, e) == -1)
			break;
	}
	if (dir != NULL)
		closedir(dir);
}

static int
tree_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static bool
tree_parent_in(const struct table *t, const struct entry *e)
{
	struct entry key = { .pid = e->parent };
	const struct entry *parent = bsearch(&key, t->entries, t->len,
	    sizeof key, tree_compare);

	return parent != NULL && parent->in;
}

/* Spread from the entries that are in to all that descend from them. */
static void
tree_spread(struct table *t)
{
	bool grew = true;
	size_t i;

	while (grew) {
		grew = false;
		for (i = 0; i < t->len; i++)
			if (!t->entries[i].in &&
			    tree_parent_in(t, &t->entries[i]))
				grew = t->entries[i].in = true;
	}
}

static void
tree_take(struct table *t, struct tree *tree)
{
	size_t i;

	tree->len = 0;
	tree->pids = malloc((t->len + 1) * sizeof *tree->pids);
	for (i = 0; tree->pids != NULL && i < t->len; i++)
		if (t->entries[i].in && !t->entries[i].zombie)
			tree->pids[tree->len++] = t->entries[i].pid;
	free(t->entries);
}

/* Whether the process was started with one of the marks. */
static bool
tree_marked(pid_t pid, const struct tree_spec *spec)
{
	char path[64], *text = NULL;
	size_t i, size = 0;
	bool found = false;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/environ", (long)pid);
	if ((f = fopen(path, "re")) == NULL)
		return false;
	while (!found && getdelim(&text, &size, '\0', f) > 0)
		for (i = 0; !found && i < spec->n; i++)
			found = spec->marks[i] != NULL &&
			    strcmp(text, spec->marks[i]) == 0;
	free(text);
	fclose(f);
	return found;
}

/* A pid of 0, which the kernel's own processes have as parent, is no root. */
static bool
tree_is_root(const struct tree_spec *spec, pid_t pid)
{
	size_t i;

	if (pid <= 1)
		return false;
	for (i = 0; i < spec->n; i++)
		if (spec->roots[i] == pid)
			return true;
	return false;
}

void
tree_of(const struct tree_spec *spec, struct tree *tree)
{
	struct table t = { 0 };
	pid_t self = getpid();
	struct entry *e;
	size_t i;

	tree_scan(&t);
	if (t.len > 0)
		qsort(t.entries, t.len, sizeof *t.entries, tree_compare);
	for (i = 0; i < t.len; i++) {
		e = &t.entries[i];
		e->in = tree_is_root(spec, e->parent) ||
		    (spec->marks != NULL && e->parent == self &&
		    !tree_is_root(spec, e->pid) && tree_marked(e->pid, spec));
	}
	tree_spread(&t);
	tree_take(&t, tree);
}

void
tree_signal(const struct tree *tree, int number)
{
	size_t i;

	for (i = 0; i < tree->len; i++) {
		if (tree->pids[i] <= 1)
			continue;
		kill(tree->pids[i], number);
		if (number == SIGTERM)
			kill(tree->pids[i], SIGCONT);
	}
}

void
tree_free(struct tree *tree)
{
	free(tree->pids);
	*tree = (struct tree){ 0 };
}

/* Collect whatever children of ours ended; true when none is left. */
static bool
tree_reap(void)
{
	pid_t pid;

	do
		pid = waitpid(-1, NULL, WNOHANG);
	while (pid > 0 || (pid == -1 && errno == EINTR));
	return pid == -1;
}

static int64_t
tree_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Send TERM to those not told yet, so that a clean-up handler runs once. */
static void
tree_tell(const struct tree *tree, struct table *told)
{
	struct tree fresh = { .pids = NULL };
	size_t i, k;

	for (i = 0; i < tree->len; i++) {
		for (k = 0; k < told->len; k++)
			if (told->entries[k].pid == tree->pids[i])
				break;
		if (k < told->len ||
		    tree_add(told, (struct entry){ .pid = tree->pids[i] }) == -1)
			continue;
		fresh = (struct tree){ &tree->pids[i], 1 };
		tree_signal(&fresh, SIGTERM);
	}
}

size_t
tree_end(int64_t grace)
{
	static const struct timespec pause = { 0, 10 * 1000000L };
	const pid_t self = getpid();
	const struct tree_spec below = { .roots = &self, .n = 1 };
	int64_t start = tree_clock(), passed = 0;
	struct table told = { 0 };
	struct tree tree;

	/* What cannot be killed for so long (a dead disk) is left to init. */
	while (!tree_reap() && passed < grace + TREE_PATIENCE) {
		tree_of(&below, &tree);
		if (passed < grace)
			tree_tell(&tree, &told);
		else
			tree_signal(&tree, SIGKILL);
		tree_free(&tree);
		nanosleep(&pause, NULL);
		passed = tree_clock() - start;
	}
	free(told.entries);
	return told.len;
}
