/* l_core.c owns the queue of events for Lua, and the table of handles. */
#include "l_core.h"

#include <errno.h>
#include <string.h>

static struct list queue = { &queue, &queue };
static const char handles;

void
l_event_queue(struct l_event *ev)
{
	if (list_empty(&ev->link))
		list_append(&queue, &ev->link);
}

int
l_event_waiting(void)
{
	return !list_empty(&queue);
}

void
l_event_deliver(lua_State *L)
{
	struct list *l;
	struct l_event *ev;

	while ((l = list_shift(&queue)) != NULL) {
		ev = list_entry(l, struct l_event, link);
		ev->deliver(L, ev);
	}
}

void
l_forget(void)
{
	list_init(&queue);
	l_loop_forget();
	l_job_forget();
	l_sink_forget();
	l_pool_forget();
}

int
l_fail(lua_State *L, const char *what, int error)
{
	lua_pushnil(L);
	if (what != NULL)
		lua_pushfstring(L, "%s: %s", what, strerror(error));
	else
		lua_pushstring(L, strerror(error));
	lua_pushinteger(L, error);
	return 3;
}

int
l_result(lua_State *L, int r, const char *what)
{
	if (r == -1)
		return l_fail(L, what, errno);
	lua_pushboolean(L, 1);
	return 1;
}

void
l_class(lua_State *L, const char *name, const luaL_Reg *methods)
{
	luaL_newmetatable(L, name);
	luaL_setfuncs(L, methods, 0);
	lua_pushvalue(L, -1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

static void
l_handle_table(lua_State *L)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &handles) == LUA_TTABLE)
		return;
	lua_pop(L, 1);
	lua_newtable(L);
	lua_createtable(L, 0, 1);
	lua_pushliteral(L, "v");
	lua_setfield(L, -2, "__mode");
	lua_setmetatable(L, -2);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &handles);
}

void
l_handle_keep(lua_State *L, const void *address)
{
	l_handle_table(L);
	lua_pushvalue(L, -2);
	lua_rawsetp(L, -2, address);
	lua_pop(L, 1);
}

int
l_handle_push(lua_State *L, const void *address)
{
	l_handle_table(L);
	if (lua_rawgetp(L, -1, address) != LUA_TUSERDATA) {
		lua_pop(L, 2);
		return 0;
	}
	lua_replace(L, -2);
	lua_getiuservalue(L, -1, 1);
	lua_insert(L, -2);
	return 1;
}
