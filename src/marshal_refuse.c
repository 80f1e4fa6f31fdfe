/* marshal_refuse.c owns the words for what cannot be sent, and where it is. */
#include "config.h"

#include "marshal_impl.h"

enum { REFUSAL_LONG = 400 };

/* Put the text at the top in front of the message below it. */
int
refuse_in(lua_State *L)
{
	const char *message = lua_tostring(L, -2);
	size_t n = lua_rawlen(L, -2);

	if (n > REFUSAL_LONG) {
		/* The way in from the outside is what helps: cut the rest. */
		lua_pushlstring(L, message, n);
		lua_replace(L, -3);
		lua_pop(L, 1);
		return -1;
	}
	lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1),
	    message[0] == '[' ? "" : ": ", message);
	return -1;
}

int
refuse_at_key(lua_State *L, int key)
{
	if (lua_isinteger(L, key))
		lua_pushfstring(L, "[%I]", (LUAI_UACINT)lua_tointeger(L, key));
	else if (lua_type(L, key) == LUA_TSTRING)
		lua_pushfstring(L, "[\"%s\"]", lua_tostring(L, key));
	else
		lua_pushfstring(L, "[%s]", luaL_typename(L, key));
	return refuse_in(L);
}

int
refuse_at_upvalue(lua_State *L, int function, const char *name)
{
	lua_Debug ar;

	lua_pushvalue(L, function);
	lua_getinfo(L, ">S", &ar);
	lua_pushfstring(L, "upvalue '%s' of function at %s:%d", name,
	    ar.short_src, ar.linedefined);
	return refuse_in(L);
}

int
refuse_userdata(lua_State *L, int index)
{
	if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING)
		lua_pushfstring(L, "userdata (%s)", lua_tostring(L, -1));
	else
		lua_pushliteral(L, "userdata");
	return -1;
}
