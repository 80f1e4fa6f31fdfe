/* host.c owns the Lua state: its libraries, the embedded files, its end. */
#include "config.h"

#include "host.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embed.h"
#include "l_core.h"
#include "repl.h"
#include "worker.h"

static const luaL_Reg core[] = {
	{ "prun.core.block", luaopen_prun_core_block },
	{ "prun.core.job", luaopen_prun_core_job },
	{ "prun.core.loop", luaopen_prun_core_loop },
	{ "prun.core.pool", luaopen_prun_core_pool },
	{ "prun.core.record", luaopen_prun_core_record },
	{ "prun.core.regex", luaopen_prun_core_regex },
	{ "prun.core.repl", luaopen_prun_core_repl },
	{ "prun.core.sink", luaopen_prun_core_sink },
	{ "prun.core.sys", luaopen_prun_core_sys },
	{ NULL, NULL }
};

static int
host_load_file(lua_State *L, const struct embed_file *f)
{
	if (luaL_loadbufferx(L, (const char *)f->bytes, f->len, f->chunk,
	    "t") != LUA_OK)
		return lua_error(L);
	lua_pushstring(L, f->chunk + 1);
	return 2;
}

/* A searcher: the module among those that are part of the program. */
static int
host_search(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	const struct embed_file *f;
	const luaL_Reg *r;

	if (strncmp(name, "prun", 4) != 0)
		return 0;
	for (r = core; r->name != NULL; r++)
		if (strcmp(r->name, name) == 0) {
			lua_pushcfunction(L, r->func);
			return 1;
		}
	for (f = embed_files; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return host_load_file(L, f);
	lua_pushfstring(L, "no module '%s' in the program", name);
	return 1;
}

/* Ours comes first, so that no file of a user's can stand in its place. */
static void
host_add_searcher(lua_State *L)
{
	lua_Integer i;

	lua_getglobal(L, "package");
	lua_getfield(L, -1, "searchers");
	for (i = luaL_len(L, -1); i >= 1; i--) {
		lua_geti(L, -1, i);
		lua_seti(L, -2, i + 1);
	}
	lua_pushcfunction(L, host_search);
	lua_seti(L, -2, 1);
	lua_pop(L, 2);
}

/* What a worker forked from this process does. */
static void
host_forked(const struct place *place)
{
	worker_run_forked(NULL, place);
}

static int
host_libraries(lua_State *L)
{
	l_pool_forked = host_forked;
	luaL_openlibs(L);
	host_add_searcher(L);
	return 0;
}

lua_State *
host_state(void)
{
	lua_State *L = luaL_newstate();

	if (L == NULL)
		return NULL;
	lua_pushcfunction(L, host_libraries);
	if (lua_pcall(L, 0, 0, 0) == LUA_OK)
		return L;
	lua_close(L);
	return NULL;
}

/* All that can raise: argc, argv on the stack; returns the exit status. */
static int
host_main(lua_State *L)
{
	int argc = (int)lua_tointeger(L, 1), i;
	char **argv = lua_touserdata(L, 2);

	/* Until the start is over: what it makes stays anyway. */
	lua_gc(L, LUA_GCSTOP);
	host_libraries(L);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "prun.cli.main");
	lua_call(L, 1, 1);
	lua_createtable(L, argc, 1);
	for (i = 0; i < argc; i++) {
		lua_pushstring(L, argv[i]);
		lua_rawseti(L, -2, i);
	}
	lua_call(L, 1, 1);
	return 1;
}

static int
host_traceback(lua_State *L)
{
	const char *message = lua_tostring(L, 1);

	luaL_traceback(L, L, message ? message : luaL_tolstring(L, 1, NULL),
	    1);
	return 1;
}

int
host_run(int argc, char **argv)
{
	lua_State *L = luaL_newstate();
	int status = 255;

	if (L == NULL) {
		fputs("prun: not enough memory\n", stderr);
		return 255;
	}
	lua_pushcfunction(L, host_traceback);
	lua_pushcfunction(L, host_main);
	lua_pushinteger(L, argc);
	lua_pushlightuserdata(L, argv);
	if (lua_pcall(L, 2, 1, 1) == LUA_OK)
		status = (int)lua_tointeger(L, -1);
	else
		fprintf(stderr, "prun: internal error: %s\n",
		    lua_tostring(L, -1));
	lua_close(L);
	return status;
}
