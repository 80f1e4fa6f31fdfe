/* l_loop.c is prun.core.loop: turns, timers, watched descriptors, signals. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "child.h"
#include "keeper.h"
#include "l_core.h"
#include "loop.h"
#include "sig.h"

#define TIMER "prun.core.timer"
#define WATCH "prun.core.watch"

struct l_timer {
	struct loop_timer timer;
	struct l_event event;
};

struct l_watch {
	struct loop_watch watch;
	struct l_event event;
};

/* Signals that came and were not delivered yet, in order. */
enum { L_SIGNALS = 64 };

static struct {
	struct loop *loop;
	struct l_event event;
	struct sig_event signals[L_SIGNALS];
	size_t len;
	int turning;		/* depth of turns on the C stack */
} core;

static const char signal_key;
static struct list waiters = { &waiters, &waiters };

static const char opener_key;

struct loop *
l_loop(lua_State *L)
{
	if (core.loop == NULL && lua_rawgetp(L, LUA_REGISTRYINDEX,
	    &opener_key) == LUA_TFUNCTION)
		lua_call(L, 0, 0);
	if (core.loop == NULL)
		luaL_error(L, "prun.core.loop is not open");
	return core.loop;
}

void
l_waiter_add(struct l_waiter *w)
{
	list_append(&waiters, &w->link);
}

void
l_waiter_remove(struct l_waiter *w)
{
	list_remove(&w->link);
}

/* Whether there is anything to do before waiting. */
static bool
l_waiters_before(void)
{
	struct list *l;
	bool found = false;

	for (l = waiters.next; l != &waiters; l = l->next)
		if (list_entry(l, struct l_waiter, link)->before(
		    list_entry(l, struct l_waiter, link)))
			found = true;
	return found;
}

static void
l_waiters_after(void)
{
	struct list *l;

	for (l = waiters.next; l != &waiters; l = l->next)
		list_entry(l, struct l_waiter, link)->after(
		    list_entry(l, struct l_waiter, link));
}

/* Signals. */

static void
l_signal_came(const struct sig_event *ev)
{
	if (core.len < L_SIGNALS)
		core.signals[core.len++] = *ev;
	l_event_queue(&core.event);
}

static void
l_signal_deliver(lua_State *L, struct l_event *event)
{
	struct sig_event ev;
	const char *name;

	(void)event;
	while (core.len > 0) {
		ev = core.signals[0];
		memmove(core.signals, core.signals + 1,
		    --core.len * sizeof *core.signals);
		/* What is left stays queued when this one raises. */
		if (core.len > 0)
			l_event_queue(&core.event);
		name = sig_name(ev.number);
		lua_rawgetp(L, LUA_REGISTRYINDEX, &signal_key);
		lua_pushstring(L, name ? name : "?");
		lua_pushboolean(L, ev.sender != 0 &&
		    ev.sender == keeper_pid());
		if (lua_isfunction(L, -3))
			lua_call(L, 2, 0);
		else
			lua_pop(L, 3);
	}
}

/*
 * signals(fn): fn(name, forwarded) is called for each signal that comes;
 * forwarded tells that it came by way of the keeper.
 */
static int
l_loop_signals(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TFUNCTION);
	lua_settop(L, 1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &signal_key);
	return 0;
}

/* The hook that a signal plants in a running Lua function. */
static lua_State *volatile hooked;

static void
l_loop_hook(lua_State *L, lua_Debug *ar)
{
	(void)ar;
	lua_sethook(L, NULL, 0, 0);
	child_signals();
	/* A turn that is under way delivers by itself. */
	if (core.turning == 0 && core.len > 0)
		l_signal_deliver(L, &core.event);
}

static void
l_loop_interrupt(void)
{
	lua_sethook(hooked, l_loop_hook,
	    LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* The loop. */

static const struct loop_backend *
l_loop_backend(int portable)
{
#ifdef HAVE_SYS_EPOLL_H
	if (!portable)
		return &loop_epoll;
#endif
	(void)portable;
	return &loop_poll;
}

static const struct sig_backend *
l_sig_backend(int portable)
{
#ifdef HAVE_SIGNALFD
	if (!portable)
		return &sig_signalfd;
#endif
	(void)portable;
	return &sig_selfpipe;
}

static int
l_flag(lua_State *L, int table, const char *name)
{
	int r;

	lua_getfield(L, table, name);
	r = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return r;
}

/*
 * open{portable=, interrupt=}: open the program's loop, once. portable: by
 * poll and a self-pipe whatever the system has; interrupt: signals interrupt
 * running Lua functions too; worker: in a process that left signals alone so
 * far. true, or nil, message, errno.
 */
static int
l_loop_open(lua_State *L)
{
	int portable, interrupt, worker;

	luaL_checktype(L, 1, LUA_TTABLE);
	worker = l_flag(L, 1, "worker");
	portable = l_flag(L, 1, "portable");
	interrupt = l_flag(L, 1, "interrupt");
	if (core.loop != NULL)
		return l_result(L, 0, NULL);
	if (worker)
		sig_init(&(int){ SIGCHLD }, 1);
	core.event.deliver = l_signal_deliver;
	list_init(&core.event.link);
	if ((core.loop = loop_new(l_loop_backend(portable))) == NULL)
		return l_fail(L, "event loop", errno);
	if (interrupt) {
		lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
		hooked = lua_tothread(L, -1);
		sig_interrupt(l_loop_interrupt);
	}
	return l_result(L, child_open(core.loop,
	    l_sig_backend(portable || interrupt || worker), l_signal_came), "signals");
}

/* opener(fn): fn() opens the loop when it is first needed. */
static int
l_loop_opener(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TFUNCTION);
	lua_settop(L, 1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &opener_key);
	return 0;
}

/*
 * turn(limit): wait until something happens, limit seconds at most (nil: no
 * limit), then call back for all that did.
 */
static int
l_loop_turn(lua_State *L)
{
	lua_Number limit = luaL_optnumber(L, 1, -1);
	struct loop *loop = l_loop(L);
	int r;

	if (l_waiters_before() | l_event_waiting())
		limit = 0;
	core.turning++;
	r = loop_turn(loop, limit < 0 ? -1 : (int64_t)(limit * 1e9));
	core.turning--;
	l_waiters_after();
	if (r == -1)
		return luaL_error(L, "event loop: %s", strerror(errno));
	l_event_deliver(L);
	return 0;
}

void
l_loop_forget(void)
{
	memset(&core, 0, sizeof core);
	list_init(&waiters);
	hooked = NULL;
}

/* now(): seconds of the monotonic clock. */
static int
l_loop_now(lua_State *L)
{
	lua_pushnumber(L, (lua_Number)loop_clock() / 1e9);
	return 1;
}

/* Timers. */

static void
l_timer_fired(struct loop_timer *t)
{
	l_event_queue(&list_entry(t, struct l_timer, timer)->event);
}

static void
l_timer_deliver(lua_State *L, struct l_event *ev)
{
	if (l_handle_push(L, list_entry(ev, struct l_timer, event)))
		lua_call(L, 1, 0);
}

/* timer(fn): a timer, not started, that calls fn(timer). Keep it. */
static int
l_timer_new(lua_State *L)
{
	struct l_timer *t;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	l_loop(L);
	t = lua_newuserdatauv(L, sizeof *t, 1);
	memset(t, 0, sizeof *t);
	list_init(&t->event.link);
	t->timer.fn = l_timer_fired;
	t->event.deliver = l_timer_deliver;
	luaL_setmetatable(L, TIMER);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	l_handle_keep(L, t);
	return 1;
}

/* timer:start(seconds): call fn once, so many seconds from now. */
static int
l_timer_start(lua_State *L)
{
	struct l_timer *t = luaL_checkudata(L, 1, TIMER);
	lua_Number s = luaL_checknumber(L, 2);

	list_remove(&t->event.link);
	if (s < 0)
		s = 0;
	else if (s > 1e9)
		s = 1e9;
	if (loop_timer(l_loop(L), &t->timer,
	    loop_clock() + (int64_t)(s * 1e9)) == -1)
		return luaL_error(L, "not enough memory");
	return 0;
}

/* timer:stop(). Also its __gc and __close. */
static int
l_timer_stop(lua_State *L)
{
	struct l_timer *t = luaL_checkudata(L, 1, TIMER);

	list_remove(&t->event.link);
	if (core.loop != NULL)
		loop_untimer(core.loop, &t->timer);
	return 0;
}

/* Watched descriptors. */

static void
l_watch_ready(struct loop_watch *w, unsigned events)
{
	(void)events;
	/* Rest until Lua was told: it starts the watch again if it wants. */
	loop_unwatch(core.loop, w);
	l_event_queue(&list_entry(w, struct l_watch, watch)->event);
}

static void
l_watch_deliver(lua_State *L, struct l_event *ev)
{
	if (l_handle_push(L, list_entry(ev, struct l_watch, event)))
		lua_call(L, 1, 0);
}

/* watch(fn): a watch, not started, that calls fn(watch). Keep it. */
static int
l_watch_new(lua_State *L)
{
	struct l_watch *h;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	l_loop(L);
	h = lua_newuserdatauv(L, sizeof *h, 1);
	memset(h, 0, sizeof *h);
	list_init(&h->event.link);
	h->watch.fn = l_watch_ready;
	h->event.deliver = l_watch_deliver;
	luaL_setmetatable(L, WATCH);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	l_handle_keep(L, h);
	return 1;
}

/*
 * watch:start(fd, mode): call fn once when fd can be read ("r"), written ("w")
 * or has lost its other end ("h"). true, or nil, message, errno (a file cannot be waited for).
 */
static int
l_watch_start(lua_State *L)
{
	static const char *const modes[] = { "r", "w", "h", NULL };
	static const unsigned meanings[] = { LOOP_READ, LOOP_WRITE,
	    LOOP_HANGUP };
	struct l_watch *h = luaL_checkudata(L, 1, WATCH);
	int fd = (int)luaL_checkinteger(L, 2);
	unsigned events = meanings[luaL_checkoption(L, 3, "r", modes)];

	return l_result(L, loop_watch(l_loop(L), &h->watch, fd, events),
	    "watch");
}

/* watch:stop(). Also its __gc and __close. */
static int
l_watch_stop(lua_State *L)
{
	struct l_watch *h = luaL_checkudata(L, 1, WATCH);

	list_remove(&h->event.link);
	if (core.loop != NULL)
		loop_unwatch(core.loop, &h->watch);
	return 0;
}

static const luaL_Reg timer_methods[] = {
	{ "start", l_timer_start },
	{ "stop", l_timer_stop },
	{ "__gc", l_timer_stop },
	{ "__close", l_timer_stop },
	{ NULL, NULL }
};

static const luaL_Reg watch_methods[] = {
	{ "start", l_watch_start },
	{ "stop", l_watch_stop },
	{ "__gc", l_watch_stop },
	{ "__close", l_watch_stop },
	{ NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "open", l_loop_open },
	{ "opener", l_loop_opener },
	{ "turn", l_loop_turn },
	{ "now", l_loop_now },
	{ "signals", l_loop_signals },
	{ "timer", l_timer_new },
	{ "watch", l_watch_new },
	{ NULL, NULL }
};

int
luaopen_prun_core_loop(lua_State *L)
{
	l_class(L, TIMER, timer_methods);
	l_class(L, WATCH, watch_methods);
	luaL_newlib(L, functions);
	return 1;
}
