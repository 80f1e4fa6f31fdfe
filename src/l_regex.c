/* l_regex.c is prun.core.regex: the system's extended regular expressions. */
#include <regex.h>
#include <string.h>

#include "l_core.h"

#define REGEX "prun.core.regex"

/* Captures of a match that are given out. */
enum { REGEX_CAPTURES = 10 };

struct l_regex {
	regex_t re;
	int compiled;
};

/* compile(pattern): as regcomp(3) with REG_EXTENDED; or nil and why not. */
static int
l_regex_compile(lua_State *L)
{
	const char *pattern = luaL_checkstring(L, 1);
	struct l_regex *h = lua_newuserdatauv(L, sizeof *h, 0);
	char why[256];
	int error;

	memset(h, 0, sizeof *h);
	luaL_setmetatable(L, REGEX);
	error = regcomp(&h->re, pattern, REG_EXTENDED);
	if (error != 0) {
		regerror(error, &h->re, why, sizeof why);
		lua_pushnil(L);
		lua_pushstring(L, why);
		return 2;
	}
	h->compiled = 1;
	return 1;
}

/*
 * regex:find(text, init): the places of the first and the last byte of the
 * first match from init on, and what its groups matched (false: nothing); or
 * nil. ^ matches at the beginning of the text only.
 */
static int
l_regex_find(lua_State *L)
{
	struct l_regex *h = luaL_checkudata(L, 1, REGEX);
	size_t len, i;
	const char *text = luaL_checklstring(L, 2, &len);
	lua_Integer init = luaL_optinteger(L, 3, 1);
	regmatch_t m[REGEX_CAPTURES];
	int flags = 0;

	if (!h->compiled || init < 1 || (size_t)init > len + 1)
		return 0;
	if (init > 1)
		flags |= REG_NOTBOL;
#ifdef REG_STARTEND
	m[0].rm_so = (regoff_t)(init - 1);
	m[0].rm_eo = (regoff_t)len;
	if (regexec(&h->re, text, REGEX_CAPTURES, m, flags | REG_STARTEND) != 0)
		return 0;
	init = 1;
#else
	if (regexec(&h->re, text + init - 1, REGEX_CAPTURES, m, flags) != 0)
		return 0;
#endif
	lua_pushinteger(L, init + m[0].rm_so);
	lua_pushinteger(L, init + m[0].rm_eo - 1);
	for (i = 1; i <= h->re.re_nsub && i < REGEX_CAPTURES; i++) {
		if (m[i].rm_so == -1)
			lua_pushboolean(L, 0);
		else
			lua_pushlstring(L, text + init - 1 + m[i].rm_so,
			    (size_t)(m[i].rm_eo - m[i].rm_so));
	}
	return 2 + (int)(i - 1);
}

static int
l_regex_gc(lua_State *L)
{
	struct l_regex *h = luaL_checkudata(L, 1, REGEX);

	if (h->compiled)
		regfree(&h->re);
	h->compiled = 0;
	return 0;
}

static const luaL_Reg methods[] = {
	{ "find", l_regex_find },
	{ "__gc", l_regex_gc },
	{ NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "compile", l_regex_compile },
	{ NULL, NULL }
};

int
luaopen_prun_core_regex(lua_State *L)
{
	l_class(L, REGEX, methods);
	luaL_newlib(L, functions);
	return 1;
}
