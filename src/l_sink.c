/* l_sink.c is prun.core.sink: the program's own standard output and error. */
#include "l_sink.h"

#include <stdio.h>
#include <string.h>

#include "l_core.h"

static struct {
	struct sink sink;
	struct l_event event;
	struct job_set *jobs;
	bool open;
} out;

static const char change_key;

void
l_sink_forget(void)
{
	memset(&out, 0, sizeof out);
}

struct sink *
l_sink(lua_State *L)
{
	if (!out.open)
		luaL_error(L, "prun.core.sink is not open");
	return &out.sink;
}

static void
l_sink_deliver(lua_State *L, struct l_event *ev)
{
	(void)ev;
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &change_key) == LUA_TFUNCTION)
		lua_call(L, 0, 0);
	else
		lua_pop(L, 1);
}

static void
l_sink_changed(struct sink *s)
{
	if (s->queued == 0 && out.jobs != NULL)
		job_set_resume(out.jobs);
	l_event_queue(&out.event);
}

void
l_sink_feeds(struct job_set *set)
{
	out.jobs = set;
}

/*
 * open(fn): use descriptors 1 and 2; fn() is called when all that waited was
 * written, and when a write failed.
 */
static int
l_sink_open(lua_State *L)
{
	lua_settop(L, 1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &change_key);
	if (out.open)
		return 0;
	list_init(&out.event.link);
	out.event.deliver = l_sink_deliver;
	sink_open(&out.sink, l_loop(L), 1, 2);
	out.sink.on_change = l_sink_changed;
	out.open = true;
	return 0;
}

static int
l_sink_give(lua_State *L, enum sink_way way)
{
	struct sink *s = l_sink(L);
	size_t len;
	const char *p = luaL_checklstring(L, 1, &len);

	/* What the script printed by io.write comes first. */
	fflush(way == SINK_OUT ? stdout : stderr);
	return l_result(L, sink_write(s, way, p, len), NULL);
}

/* out(text): write to stdout. true, or nil, message, errno. */
static int
l_sink_out(lua_State *L)
{
	return l_sink_give(L, SINK_OUT);
}

/* err(text): write to stderr. true, or nil, message, errno. */
static int
l_sink_err(lua_State *L)
{
	return l_sink_give(L, SINK_ERR);
}

/* queued(): how many bytes wait to be written. */
static int
l_sink_queued(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)l_sink(L)->queued);
	return 1;
}

/*
 * error(): nil, or the message and errno of the first write that failed, and
 * "stdout" or "stderr".
 */
static int
l_sink_error(lua_State *L)
{
	struct sink *s = l_sink(L);
	int i = s->ends[SINK_OUT].error ? SINK_OUT : SINK_ERR;

	if (s->ends[i].error == 0)
		return 0;
	lua_pushstring(L, strerror(s->ends[i].error));
	lua_pushinteger(L, s->ends[i].error);
	lua_pushstring(L, i == SINK_OUT ? "stdout" : "stderr");
	return 3;
}

/* status(text): the status line from now on; "" takes it away. */
static int
l_sink_status(lua_State *L)
{
	size_t len;
	const char *text = luaL_checklstring(L, 1, &len);

	sink_status(l_sink(L), text, len);
	return 0;
}

static const luaL_Reg functions[] = {
	{ "open", l_sink_open },
	{ "out", l_sink_out },
	{ "err", l_sink_err },
	{ "queued", l_sink_queued },
	{ "error", l_sink_error },
	{ "status", l_sink_status },
	{ NULL, NULL }
};

int
luaopen_prun_core_sink(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
