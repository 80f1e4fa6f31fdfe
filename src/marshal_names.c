/* marshal_names.c owns what goes by name: modules, their fields, types. */
#include "config.h"

#include "marshal_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char names_key, modules_key, fields_key, types_key, metas_key;

/* The present message's objects. */

static int
names_gc(lua_State *L)
{
	struct marshal_names *n = lua_touserdata(L, 1);

	free(n->seen);
	free(n->modules);
	n->seen = NULL;
	n->modules = NULL;
	n->size = 0;
	return 0;
}

struct marshal_names *
names_of(lua_State *L)
{
	struct marshal_names *n;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
	n = lua_touserdata(L, -1);
	lua_pop(L, 1);
	if (n != NULL)
		return n;
	n = lua_newuserdatauv(L, sizeof *n, 0);
	memset(n, 0, sizeof *n);
	n->fields_old = true;
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, names_gc);
	lua_setfield(L, -2, "__gc");
	lua_setmetatable(L, -2);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
	names_refresh(L, n);
	return n;
}

void
names_begin(struct marshal_names *n)
{
	n->used = 0;
	if (++n->generation == 0) {
		memset(n->seen, 0, n->size * sizeof *n->seen);
		n->generation = 1;
	}
}

static uint32_t
names_hash(const void *key)
{
	uint64_t h = (uint64_t)(uintptr_t)key >> 4;

	return (uint32_t)(h * 0x9e3779b97f4a7c15u >> 32);
}

static struct seen *
names_slot(const struct marshal_names *n, const void *key)
{
	uint32_t i = names_hash(key) & (n->size - 1);

	while (n->seen[i].generation == n->generation &&
	    n->seen[i].key != key)
		i = (i + 1) & (n->size - 1);
	return &n->seen[i];
}

static int
names_enlarge(struct marshal_names *n)
{
	struct marshal_names larger = *n;
	uint32_t i;

	larger.size = n->size ? n->size * 4 : 64;
	if ((larger.seen = calloc(larger.size, sizeof *larger.seen)) == NULL)
		return -1;
	for (i = 0; i < n->size; i++)
		if (n->seen[i].generation == n->generation)
			*names_slot(&larger, n->seen[i].key) = n->seen[i];
	free(n->seen);
	*n = larger;
	return 0;
}

int
names_see(struct marshal_names *n, const void *key, uint32_t *id)
{
	struct seen *s;

	if (n->used * 2 >= n->size && names_enlarge(n) == -1)
		return -1;
	s = names_slot(n, key);
	if (s->generation == n->generation) {
		*id = s->id;
		return 1;
	}
	*s = (struct seen){ key, *id, n->generation };
	n->used++;
	return 0;
}

bool
names_find(const struct marshal_names *n, const void *key, uint32_t *id)
{
	const struct seen *s;

	if (n->size == 0 || (s = names_slot(n, key))->generation !=
	    n->generation)
		return false;
	*id = s->id;
	return true;
}

/* Modules. */

/* A weak table of the registry, made when there is none, is pushed. */
static void
names_table(lua_State *L, const void *key, const char *mode)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE)
		return;
	lua_pop(L, 1);
	lua_newtable(L);
	if (mode != NULL) {
		lua_createtable(L, 0, 1);
		lua_pushstring(L, mode);
		lua_setfield(L, -2, "__mode");
		lua_setmetatable(L, -2);
	}
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

static int
names_compare(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)*(const void *const *)a;
	uintptr_t y = (uintptr_t)*(const void *const *)b;

	return x < y ? -1 : x > y;
}

static bool
names_is_module(const struct marshal_names *n, const void *p)
{
	return n->modules_len > 0 && bsearch(&p, n->modules, n->modules_len,
	    sizeof p, names_compare) != NULL;
}

/* The shorter, then the first by the alphabet: the same whenever asked. */
static bool
names_better(const char *name, const char *old)
{
	size_t a = strlen(name), b = old ? strlen(old) : SIZE_MAX;

	return a != b ? a < b : strcmp(name, old) < 0;
}

static void
names_add_module(lua_State *L, struct marshal_names *n, int names)
{
	const void *p = lua_topointer(L, -1);
	const void **larger;
	const char *old;

	if (n->modules_len == n->modules_cap) {
		larger = realloc(n->modules, (n->modules_cap * 2 + 32) *
		    sizeof *larger);
		if (larger == NULL)
			luaL_error(L, "not enough memory");
		n->modules = larger;
		n->modules_cap = n->modules_cap * 2 + 32;
	}
	n->modules[n->modules_len++] = p;
	lua_pushvalue(L, -1);
	lua_rawget(L, names);
	old = lua_tostring(L, -1);
	lua_pop(L, 1);
	if (names_better(lua_tostring(L, -2), old)) {
		lua_pushvalue(L, -1);
		lua_pushvalue(L, -3);
		lua_rawset(L, names);
	}
}

void
names_refresh(lua_State *L, struct marshal_names *n)
{
	int top = lua_gettop(L);
	size_t before = n->modules_len;

	luaL_checkstack(L, 8, "modules");
	names_table(L, &modules_key, "k");
	lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	n->modules_len = 0;
	lua_pushnil(L);
	while (lua_next(L, top + 2)) {
		if (lua_type(L, -2) == LUA_TSTRING && lua_istable(L, -1))
			names_add_module(L, n, top + 1);
		lua_pop(L, 1);
	}
	lua_settop(L, top);
	qsort(n->modules, n->modules_len, sizeof *n->modules, names_compare);
	if (n->modules_len != before)
		n->fields_old = true;
}

bool
names_module(lua_State *L, struct marshal_names *n, int index)
{
	if (!names_is_module(n, lua_topointer(L, index)))
		return false;
	lua_pushvalue(L, index);
	lua_rawgetp(L, LUA_REGISTRYINDEX, &modules_key);
	lua_insert(L, -2);
	lua_rawget(L, -2);
	lua_replace(L, -2);
	if (lua_isstring(L, -1))
		return true;
	lua_pop(L, 1);
	return false;
}

/* Fields of modules: a table value = {module, key}. */

static bool
names_wants_field(lua_State *L, bool globals)
{
	if (lua_type(L, -2) != LUA_TSTRING)
		return false;
	switch (lua_type(L, -1)) {
	case LUA_TFUNCTION:
		/* A global function of a script's goes by value. */
		return !globals || lua_iscfunction(L, -1);
	case LUA_TTABLE:
	case LUA_TUSERDATA:
		return !globals;
	default:
		return false;
	}
}

/* The fields of the module at the top, whose name is below it. */
static void
names_add_fields(lua_State *L, int fields)
{
	int module = lua_gettop(L);
	bool globals;

	lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
	globals = lua_rawequal(L, -1, module);
	lua_pop(L, 1);
	lua_pushnil(L);
	while (lua_next(L, module)) {
		if (names_wants_field(L, globals)) {
			lua_pushvalue(L, -1);
			if (lua_rawget(L, fields) == LUA_TNIL) {
				lua_pushvalue(L, -2);
				lua_createtable(L, 2, 0);
				lua_pushvalue(L, module - 1);
				lua_rawseti(L, -2, 1);
				lua_pushvalue(L, -5);
				lua_rawseti(L, -2, 2);
				lua_rawset(L, fields);
			}
			lua_pop(L, 1);
		}
		lua_pop(L, 1);
	}
}

static void
names_list_fields(lua_State *L, struct marshal_names *n)
{
	int top = lua_gettop(L);

	luaL_checkstack(L, 16, "modules");
	lua_pushnil(L);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &fields_key);
	names_table(L, &fields_key, "k");
	lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	lua_pushnil(L);
	while (lua_next(L, top + 2)) {
		if (lua_type(L, -2) == LUA_TSTRING && lua_istable(L, -1) &&
		    strcmp(lua_tostring(L, -2), "package") != 0)
			names_add_fields(L, top + 1);
		lua_pop(L, 1);
	}
	lua_settop(L, top);
	n->fields_old = false;
}

bool
names_class(lua_State *L, struct marshal_names *n, int index)
{
	if (names_field(L, n, index, false))
		return true;
	names_refresh(L, n);
	return n->fields_old && names_field(L, n, index, false);
}

bool
names_field(lua_State *L, struct marshal_names *n, int index, bool again)
{
	int top = lua_gettop(L);

	if (again) {
		names_refresh(L, n);
		n->fields_old = true;
	}
	if (n->fields_old)
		names_list_fields(L, n);
	lua_pushvalue(L, index);
	lua_rawgetp(L, LUA_REGISTRYINDEX, &fields_key);
	lua_insert(L, -2);
	if (lua_rawget(L, -2) != LUA_TTABLE) {
		lua_settop(L, top);
		return false;
	}
	lua_rawgeti(L, -1, 1);
	lua_rawgeti(L, -2, 2);
	lua_replace(L, top + 2);
	lua_replace(L, top + 1);
	return true;
}

/* Types. */

void
marshal_register(lua_State *L, int name, int metatable, int load)
{
	name = lua_absindex(L, name);
	metatable = lua_absindex(L, metatable);
	load = lua_absindex(L, load);
	names_table(L, &types_key, NULL);
	lua_createtable(L, 2, 0);
	lua_pushvalue(L, metatable);
	lua_rawseti(L, -2, 1);
	lua_pushvalue(L, load);
	lua_rawseti(L, -2, 2);
	lua_pushvalue(L, name);
	lua_insert(L, -2);
	lua_rawset(L, -3);
	lua_pop(L, 1);
	names_table(L, &metas_key, "k");
	lua_pushvalue(L, metatable);
	lua_pushvalue(L, name);
	lua_rawset(L, -3);
	lua_pop(L, 1);
	names_of(L)->types = true;
}

void
marshal_registered(lua_State *L)
{
	names_table(L, &types_key, NULL);
}

bool
names_type_of(lua_State *L)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &types_key) != LUA_TTABLE) {
		lua_pop(L, 2);
		return false;
	}
	lua_insert(L, -2);
	if (lua_rawget(L, -2) != LUA_TTABLE) {
		lua_pop(L, 2);
		return false;
	}
	lua_replace(L, -2);
	lua_rawgeti(L, -1, 1);
	lua_rawgeti(L, -2, 2);
	lua_remove(L, -3);
	return true;
}

bool
names_type(lua_State *L, int metatable)
{
	metatable = lua_absindex(L, metatable);
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &metas_key) != LUA_TTABLE) {
		lua_pop(L, 1);
		return false;
	}
	lua_pushvalue(L, metatable);
	if (lua_rawget(L, -2) != LUA_TSTRING) {
		lua_pop(L, 2);
		return false;
	}
	lua_replace(L, -2);
	lua_pushvalue(L, -1);
	if (!names_type_of(L)) {
		lua_pop(L, 1);
		return false;
	}
	lua_remove(L, -2);
	return true;
}
