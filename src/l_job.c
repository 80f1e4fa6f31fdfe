/* l_job.c is prun.core.job: launchers, and the jobs they start. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "env.h"
#include "job.h"
#include "fd.h"
#include "l_core.h"
#include "l_sink.h"
#include "spool.h"

#define JOB "prun.core.job"
#define LAUNCHER "prun.core.launcher"

extern char **environ;

struct l_job {
	struct job job;
	struct l_event event;
	bool timed_out;		/* what the event says */
};

/*
 * What many jobs have in common, so that starting one passes only what is its
 * own. The strings live in the user value, a table.
 */
struct l_launcher {
	struct env env;
	struct job_spec spec;
};

static struct job_set jobs;
static bool jobs_open;

void
l_job_forget(void)
{
	jobs_open = false;
}

static struct job_set *
l_jobs(lua_State *L)
{
	struct loop *loop = l_loop(L);

	if (!jobs_open) {
		job_set_open(&jobs, loop);
		l_sink_feeds(&jobs);
		jobs_open = true;
	}
	return &jobs;
}

/* Jobs. */

static void
l_job_done(struct job *job)
{
	struct l_job *h = list_entry(job, struct l_job, job);

	h->timed_out = false;
	l_event_queue(&h->event);
}

static void
l_job_timeout(struct job *job)
{
	struct l_job *h = list_entry(job, struct l_job, job);

	h->timed_out = true;
	l_event_queue(&h->event);
}

/* Wall-clock seconds of a moment of the monotonic clock. */
static lua_Number
l_wall(int64_t when)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (lua_Number)ts.tv_sec + (lua_Number)ts.tv_nsec / 1e9 -
	    (lua_Number)(loop_clock() - when) / 1e9;
}

static void
l_job_deliver(lua_State *L, struct l_event *ev)
{
	struct l_job *h = list_entry(ev, struct l_job, event);
	struct job *job = &h->job;
	const struct child_end *end = &job->child.end;

	if (!l_handle_push(L, h))
		return;
	if (h->timed_out) {
		lua_call(L, 1, 0);
		return;
	}
	luaL_checkstack(L, 10, NULL);
	lua_pushinteger(L, end->code);
	lua_pushinteger(L, end->signal);
	lua_pushnumber(L, (lua_Number)(job->ended - job->started) / 1e9);
	lua_pushinteger(L, (lua_Integer)job->out[0].bytes);
	if (job->error)
		lua_pushstring(L, strerror(job->error));
	else
		lua_pushnil(L);
	lua_call(L, 6, 0);
}

/*
 * new(fn): a job, not started, that may run one command after another. Keep
 * it. fn(job) when its time is up; fn(job, code, signal, seconds, bytes, error)
 * when it is done: code -1 when a signal ended it; bytes of stdout; error: why
 * its output could not be kept.
 */
static int
l_job_new(lua_State *L)
{
	struct job_set *set = l_jobs(L);
	struct l_job *h;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	h = lua_newuserdatauv(L, sizeof *h, 3);
	job_init(&h->job, set);
	h->job.on_done = l_job_done;
	h->job.on_timeout = l_job_timeout;
	list_init(&h->event.link);
	h->event.deliver = l_job_deliver;
	luaL_setmetatable(L, JOB);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	l_handle_keep(L, h);
	return 1;
}

/* job:pid(): of the running command. */
static int
l_job_pid(lua_State *L)
{
	struct l_job *h = luaL_checkudata(L, 1, JOB);

	lua_pushinteger(L, h->job.child.pid);
	return 1;
}

/*
 * job:usage(): of the command that ended: its start (seconds since the epoch),
 * user and system seconds, the most resident memory in KiB.
 */
static int
l_job_usage(lua_State *L)
{
	struct l_job *h = luaL_checkudata(L, 1, JOB);
	const struct child_end *end = &h->job.child.end;

	lua_pushnumber(L, l_wall(h->job.started));
	lua_pushnumber(L, (lua_Number)end->user / 1e6);
	lua_pushnumber(L, (lua_Number)end->system / 1e6);
	lua_pushinteger(L, end->maxrss);
	return 4;
}

/* job:elapsed(): seconds since its start. */
static int
l_job_elapsed(lua_State *L)
{
	struct l_job *h = luaL_checkudata(L, 1, JOB);

	lua_pushnumber(L, (lua_Number)(loop_clock() - h->job.started) / 1e9);
	return 1;
}

/*
 * job:print(prefix): give the kept output to the sink, the prefix before each
 * line. true, or nil, message, errno when it could not be written.
 */
static int
l_job_print(lua_State *L)
{
	struct l_job *h = luaL_checkudata(L, 1, JOB);
	size_t len;
	const char *prefix;

	if (!lua_isnoneornil(L, 2)) {
		prefix = luaL_checklstring(L, 2, &len);
		job_prefix(&h->job, prefix, len);
	}
	return l_result(L, job_print(&h->job, l_sink(L)), NULL);
}

/*
 * job:live(prefix): give what is kept, and from now on whole lines as they
 * come, to the sink. job:live(false): no longer.
 */
static int
l_job_live(lua_State *L)
{
	struct l_job *h = luaL_checkudata(L, 1, JOB);
	size_t len = 0;
	const char *prefix = NULL;

	if (lua_isboolean(L, 2) && !lua_toboolean(L, 2)) {
		h->job.live = NULL;
		job_prefix(&h->job, NULL, 0);
		return 0;
	}
	if (!lua_isnoneornil(L, 2))
		prefix = luaL_checklstring(L, 2, &len);
	lua_settop(L, 2);
	lua_setiuservalue(L, 1, 2);
	job_prefix(&h->job, prefix, len);
	job_live(&h->job, l_sink(L));
	return 0;
}

/* job:read("stdout" or "stderr"): all that is kept, as a string, and drop it. */
static int
l_job_read(lua_State *L)
{
	static const char *const names[] = { "stdout", "stderr", NULL };
	struct l_job *h = luaL_checkudata(L, 1, JOB);
	struct spool *s = &h->job.out[luaL_checkoption(L, 2, NULL, names)].spool;
	char room[LUAL_BUFFERSIZE];
	const char *p;
	luaL_Buffer b;
	ssize_t n;

	luaL_buffinit(L, &b);
	while ((n = spool_peek(s, room, sizeof room, &p)) > 0) {
		luaL_addlstring(&b, p, (size_t)n);
		spool_consume(s, (size_t)n);
	}
	if (n == -1)
		return l_fail(L, NULL, errno);
	luaL_pushresult(&b);
	spool_free(s);
	return 1;
}

/*
 * job:save("stdout" or "stderr", fd): write all that is kept to fd; it stays
 * kept. true, or nil, message, errno.
 */
static int
l_job_save(lua_State *L)
{
	static const char *const names[] = { "stdout", "stderr", NULL };
	struct l_job *h = luaL_checkudata(L, 1, JOB);
	struct spool *s = &h->job.out[luaL_checkoption(L, 2, NULL, names)].spool;
	int fd = (int)luaL_checkinteger(L, 3);
	char room[1 << 16];
	size_t off = 0;
	ssize_t n;

	while ((n = spool_read(s, room, sizeof room, off)) > 0) {
		if (fd_write_all(fd, room, (size_t)n) == -1)
			return l_fail(L, NULL, errno);
		off += (size_t)n;
	}
	return l_result(L, n == -1 ? -1 : 0, NULL);
}

/* job:drop(): forget the kept output. job:drop("stdout" or "stderr"): of one. */
static int
l_job_drop(lua_State *L)
{
	static const char *const names[] = { "stdout", "stderr", NULL };
	struct l_job *h = luaL_checkudata(L, 1, JOB);

	if (lua_isnoneornil(L, 2))
		job_drop(&h->job);
	else
		spool_free(&h->job.out[luaL_checkoption(L, 2, NULL,
		    names)].spool);
	return 0;
}

/* job:input(bytes): what the next command finds on its stdin ("keep"). */
static int
l_job_input(lua_State *L)
{
	struct l_job *h = luaL_checkudata(L, 1, JOB);

	h->job.input = luaL_checklstring(L, 2, &h->job.input_len);
	lua_settop(L, 2);
	lua_setiuservalue(L, 1, 3);
	return 0;
}

/*
 * signal(jobs, number): send it to the processes of all jobs in the list, and
 * to those descendants that left their process groups.
 */
static int
l_job_signal(lua_State *L)
{
	size_t i, n;
	struct job **list;

	luaL_checktype(L, 1, LUA_TTABLE);
	n = lua_rawlen(L, 1);
	list = lua_newuserdatauv(L, (n + 1) * sizeof *list, 0);
	for (i = 0; i < n; i++) {
		lua_rawgeti(L, 1, (lua_Integer)i + 1);
		list[i] = &((struct l_job *)luaL_checkudata(L, -1, JOB))->job;
		lua_pop(L, 1);
	}
	job_signal(list, n, (int)luaL_checkinteger(L, 2));
	return 0;
}

/* A job's __gc and __close: a running command is killed. */
static int
l_job_gc(lua_State *L)
{
	struct l_job *h = luaL_checkudata(L, 1, JOB);

	list_remove(&h->event.link);
	job_free(&h->job);
	return 0;
}

/* Launchers. */

static void
l_launcher_stream(lua_State *L, struct job_stream_spec *s, const char *name,
    enum job_how by_default)
{
	static const char *const words[] = { "null", "inherit", "fd", "keep",
	    "stdout", NULL };

	s->how = by_default;
	if (lua_getfield(L, 1, name) == LUA_TNUMBER) {
		s->how = JOB_FD;
		s->fd = (int)lua_tointeger(L, -1);
	} else if (!lua_isnil(L, -1))
		s->how = (enum job_how)luaL_checkoption(L, -1, NULL, words);
	lua_pop(L, 1);
}

/* Set one variable; the name and the value are the stack's top two. */
static void
l_launcher_setenv(lua_State *L, struct env *env)
{
	const char *value = NULL;
	int r;

	if (lua_type(L, -2) != LUA_TSTRING)
		luaL_error(L, "env: names must be strings");
	if (!lua_isboolean(L, -1))
		value = luaL_checkstring(L, -1);
	r = env_set(env, lua_tostring(L, -2), value);
	if (r == -1)
		luaL_error(L, "not enough memory");
}

/* Set each variable of the table at the top of the stack; false removes. */
static void
l_launcher_setenvs(lua_State *L, struct env *env)
{
	lua_pushnil(L);
	while (lua_next(L, -2) != 0) {
		l_launcher_setenv(L, env);
		lua_pop(L, 1);
	}
}

static void
l_launcher_env(lua_State *L, struct l_launcher *l)
{
	int own = lua_getfield(L, 1, "env") == LUA_TTABLE;

	if (env_open(&l->env, own ? NULL : environ) == -1)
		luaL_error(L, "not enough memory");
	if (own)
		l_launcher_setenvs(L, &l->env);
	lua_pop(L, 1);
	if (lua_getfield(L, 1, "setenv") == LUA_TTABLE)
		l_launcher_setenvs(L, &l->env);
	lua_pop(L, 1);
}

/*
 * launcher{stdin=, stdout=, stderr=, cwd=, env=, setenv=, timeout=,
 * same_group=}: how jobs are started. Streams: "null", "inherit", "keep", a
 * descriptor, and for stderr "stdout"; by default null, keep, keep. env: the
 * whole environment, setenv: changes to ours. timeout in seconds.
 */
static int
l_launcher_new(lua_State *L)
{
	struct l_launcher *l;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	l = lua_newuserdatauv(L, sizeof *l, 1);
	memset(l, 0, sizeof *l);
	luaL_setmetatable(L, LAUNCHER);
	l_launcher_stream(L, &l->spec.streams[0], "stdin", JOB_NULL);
	l_launcher_stream(L, &l->spec.streams[1], "stdout", JOB_KEEP);
	l_launcher_stream(L, &l->spec.streams[2], "stderr", JOB_KEEP);
	l_launcher_env(L, l);
	lua_getfield(L, 1, "timeout");
	l->spec.timeout = (int64_t)(luaL_optnumber(L, -1, 0) * 1e9);
	lua_getfield(L, 1, "same_group");
	l->spec.same_group = lua_toboolean(L, -1);
	lua_getfield(L, 1, "cwd");
	l->spec.spawn.cwd = luaL_optstring(L, -1, NULL);
	lua_setiuservalue(L, 2, 1);
	lua_settop(L, 2);
	return 1;
}

/* The words of a command as argv; the strings stay in the Lua table. */
static char **
l_launcher_argv(lua_State *L, int table, lua_Integer n)
{
	static char **argv;
	static lua_Integer room;
	const char *s;
	size_t len;
	char **more;
	lua_Integer i;

	luaL_argcheck(L, n > 0, 5, "no words");
	if (n + 1 > room) {
		more = realloc(argv, (size_t)(n + 64) * sizeof *argv);
		if (more == NULL)
			luaL_error(L, "not enough memory");
		argv = more;
		room = n + 64;
	}
	for (i = 0; i < n; i++) {
		if (lua_rawgeti(L, table, i + 1) != LUA_TSTRING)
			luaL_error(L, "argument %d is not a string", (int)i);
		s = lua_tolstring(L, -1, &len);
		if (strlen(s) != len)
			luaL_error(L, "argument %d holds a NUL byte", (int)i);
		argv[i] = (char *)(uintptr_t)s;
		lua_pop(L, 1);
	}
	argv[n] = NULL;
	return argv;
}

/*
 * launcher:start(job, path, argv, n, seq, slot): execute path with the first n
 * strings of argv. true, or nil, message, errno, and the step that failed
 * ("fork", "group", "streams", "cwd", "exec").
 */
static int
l_launcher_start(lua_State *L)
{
	static const char *const steps[] = { "fork", "group", "streams", "cwd",
	    "exec" };
	struct l_launcher *l = luaL_checkudata(L, 1, LAUNCHER);
	struct l_job *h = luaL_checkudata(L, 2, JOB);
	struct env_job who = { .pid = getpid() };
	enum spawn_step step;

	luaL_argcheck(L, !h->job.running, 2, "job is running");
	l->spec.spawn.path = luaL_checkstring(L, 3);
	luaL_checktype(L, 4, LUA_TTABLE);
	l->spec.spawn.argv = l_launcher_argv(L, 4, luaL_checkinteger(L, 5));
	who.seq = (uint64_t)luaL_optinteger(L, 6, 0);
	who.slot = (uint64_t)luaL_optinteger(L, 7, 0);
	who.attempt = ++jobs.started;
	l->spec.spawn.envp = env_for_job(&l->env, &who, h->job.mark);
	fflush(stdout);
	if (job_start(&h->job, &l->spec, &step) == 0) {
		lua_pushboolean(L, 1);
		return 1;
	}
	l_fail(L, NULL, errno);
	lua_pushstring(L, steps[step]);
	return 4;
}

static int
l_launcher_gc(lua_State *L)
{
	struct l_launcher *l = luaL_checkudata(L, 1, LAUNCHER);

	env_close(&l->env);
	return 0;
}

/* spool(dir, one, all): where kept output goes past so many bytes in memory. */
static int
l_job_spool(lua_State *L)
{
	/* Kept for good: a spool may ask for it at any time. */
	char *dir = strdup(luaL_checkstring(L, 1));

	if (dir != NULL)
		spool_configure(dir, (size_t)luaL_optinteger(L, 2, 1 << 20),
		    (size_t)luaL_optinteger(L, 3, 4 << 20));
	return 0;
}

static const luaL_Reg job_methods[] = {
	{ "pid", l_job_pid },
	{ "usage", l_job_usage },
	{ "elapsed", l_job_elapsed },
	{ "print", l_job_print },
	{ "live", l_job_live },
	{ "read", l_job_read },
	{ "save", l_job_save },
	{ "drop", l_job_drop },
	{ "input", l_job_input },
	{ "__gc", l_job_gc },
	{ "__close", l_job_gc },
	{ NULL, NULL }
};

static const luaL_Reg launcher_methods[] = {
	{ "start", l_launcher_start },
	{ "__gc", l_launcher_gc },
	{ NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "new", l_job_new },
	{ "launcher", l_launcher_new },
	{ "signal", l_job_signal },
	{ "spool", l_job_spool },
	{ NULL, NULL }
};

int
luaopen_prun_core_job(lua_State *L)
{
	l_class(L, JOB, job_methods);
	l_class(L, LAUNCHER, launcher_methods);
	luaL_newlib(L, functions);
	return 1;
}
