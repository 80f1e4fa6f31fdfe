/* marshal: values come back as they were; broken bytes are refused, never read. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdlib.h>
#include <string.h>

#include "marshal.h"
#include "unit.h"

struct sink {
	struct marshal_out out;
	char *bytes;
	size_t size;
};

static int grow(struct marshal_out *, size_t);

static int
sink_move(struct sink *s, size_t have, size_t need)
{
	char *bytes = malloc(have + need);

	if (bytes == NULL)
		return -1;
	memcpy(bytes, s->bytes, have);
	free(s->bytes);
	s->bytes = bytes;
	s->size = have + need;
	s->out = (struct marshal_out){ bytes, bytes + have, bytes + s->size,
	    grow };
	return 0;
}

/* As little room as asked for, elsewhere each time; more when it gets long. */
static int
grow(struct marshal_out *out, size_t need)
{
	struct sink *s = (struct sink *)(void *)out;
	size_t have = (size_t)(out->p - s->bytes);

	if (have > 10000)
		need += have;
	return sink_move(s, have, need);
}

static void
sink_open(struct sink *s)
{
	s->bytes = malloc(1);
	s->size = 1;
	s->out = (struct marshal_out){ s->bytes, s->bytes, s->bytes, grow };
}

static size_t
sink_len(const struct sink *s)
{
	return (size_t)(s->out.p - s->bytes);
}

static lua_State *
state(void)
{
	lua_State *L = luaL_newstate();

	ck_assert_ptr_nonnull(L);
	luaL_openlibs(L);
	return L;
}

/* Run the chunk, which leaves one value. */
static void
push(lua_State *L, const char *chunk)
{
	ck_assert_msg(luaL_loadbufferx(L, chunk, strlen(chunk), "=chunk",
	    "t") == LUA_OK, "%s", lua_tostring(L, -1));
	ck_assert_msg(lua_pcall(L, 0, 1, 0) == LUA_OK, "%s",
	    lua_tostring(L, -1));
}

/*
 * The chunk's value goes from one state to another, where check, a function of
 * it, must return true.
 */
static void
travels(const char *chunk, const char *check, int flags)
{
	lua_State *L = state(), *M = state();
	struct sink s;
	const char *p, *q;

	sink_open(&s);
	push(L, chunk);
	ck_assert_msg(marshal_encode(L, -1, &s.out, flags) == 0, "%s: %s",
	    chunk, lua_tostring(L, -1));
	ck_assert_int_eq(lua_gettop(L), 1);
	p = q = s.bytes;
	ck_assert_int_eq(marshal_skip(&q, s.out.p), 0);
	ck_assert_ptr_eq(q, s.out.p);
	push(M, check);
	ck_assert_msg(marshal_decode(M, &p, s.out.p, flags) == 0, "%s: %s",
	    chunk, lua_tostring(M, -1));
	ck_assert_ptr_eq(p, s.out.p);
	ck_assert_int_eq(lua_gettop(M), 2);
	ck_assert_msg(lua_pcall(M, 1, 1, 0) == LUA_OK, "%s: %s", chunk,
	    lua_tostring(M, -1));
	ck_assert_msg(lua_toboolean(M, -1), "%s: %s", chunk, check);
	free(s.bytes);
	lua_close(L);
	lua_close(M);
}

/* The chunk's value is refused with these words. */
static void
refused(const char *chunk, int flags, const char *words)
{
	lua_State *L = state();
	struct sink s;

	sink_open(&s);
	push(L, chunk);
	ck_assert_int_eq(marshal_encode(L, -1, &s.out, flags), -1);
	ck_assert_int_eq(lua_gettop(L), 2);
	ck_assert_str_eq(lua_tostring(L, -1), words);
	/* What comes next is not harmed. */
	push(L, "return {1}");
	ck_assert_int_eq(marshal_encode(L, -1, &s.out, flags), 0);
	free(s.bytes);
	lua_close(L);
}

TEST(scalars)
{
	static const char *const values[] = { "0", "1", "127", "128", "-1",
	    "-128", "-129", "32767", "-32768", "32768", "1 << 31", "-1 << 31",
	    "1 << 40", "math.maxinteger", "math.mininteger", "0.0", "0.5",
	    "1e308", "math.huge", "-math.huge", "''", "'x'", "('y'):rep(63)",
	    "('y'):rep(64)", "('z'):rep(70000)", "'a\\0b'", "true", "false",
	    "nil" };
	char chunk[64], check[200];
	size_t i;

	for (i = 0; i < sizeof values / sizeof *values; i++) {
		snprintf(chunk, sizeof chunk, "return %s", values[i]);
		snprintf(check, sizeof check, "return function(v) return "
		    "v == %s and math.type(v) == math.type(%s) end",
		    values[i], values[i]);
		travels(chunk, check, 0);
		travels(chunk, check, MARSHAL_PLAIN);
	}
	travels("return 0/0", "return function(v) return v ~= v end", 0);
	travels("return -0.0", "return function(v) return 1/v < 0 end", 0);
}
END(scalars)

TEST(tables)
{
	travels("return {1, 2, nil, 4, x = {y = 'z'}, [2.5] = true, [-1] = 1}",
	    "return function(t) return t[1] == 1 and t[4] == 4 and t[3] == nil "
	    "and t.x.y == 'z' and t[2.5] and t[-1] == 1 end", MARSHAL_PLAIN);
	travels("local t = {} t.t = t t.u = {t} return t",
	    "return function(t) return t.t == t and t.u[1] == t end",
	    MARSHAL_PLAIN);
	travels("local k = {} return {[k] = 1, k = k}",
	    "return function(t) return t[t.k] == 1 end", MARSHAL_PLAIN);
	travels("local m = {} m.__index = m m.f = function() return 7 end "
	    "return setmetatable({}, m)",
	    "return function(t) return t.f() == 7 end", 0);
	travels("return setmetatable({}, {__mode = 'k'})",
	    "return function(t) return getmetatable(t).__mode == 'k' end",
	    MARSHAL_PLAIN);
	travels("local t = {} for _ = 1, 1000000 do t = {t} end return t",
	    "return function(t) local n = 0 while t[1] do t = t[1] n = n + 1 "
	    "end return n == 1000000 end", MARSHAL_PLAIN);
	travels("local t, s = {}, {} for i = 1, 300 do s[i] = t t = {t, t} end "
	    "return t", "return function(t) for i = 1, 300 do if t[1] ~= t[2] "
	    "then return false end t = t[1] end return #t == 0 end", 0);
}
END(tables)

TEST(functions)
{
	travels("local n = 5 local function inc() n = n + 1 end "
	    "local function get() return n end return {inc, get}",
	    "return function(t) t[1]() t[1]() return t[2]() == 7 end", 0);
	travels("local function fact(n) return n < 2 and 1 or n * fact(n - 1) "
	    "end return fact", "return function(f) return f(5) == 120 end", 0);
	travels("local odd local function even(n) return n == 0 or odd(n - 1) "
	    "end function odd(n) return n ~= 0 and even(n - 1) end return even",
	    "return function(f) return f(10) and not f(11) end", 0);
	travels("return function() return x end",
	    "return function(f) x = 3 return f() == 3 end", 0);
	travels("local a <const> = {} return function() return a end",
	    "return function(f) return type(f()) == 'table' end", 0);
	travels("return {string.format, math, print, io.stdout, _G}",
	    "return function(t) return t[1] == string.format and t[2] == math "
	    "and t[3] == print and t[4] == io.stdout and t[5] == _G end", 0);
	/* A dump's first upvalue is not _G unless it was. */
	travels("local up = 9 return function() return up end",
	    "return function(f) return f() == 9 end", 0);
}
END(functions)

TEST(refusals)
{
	refused("return coroutine.create(print)", 0, "coroutine");
	refused("return {1, {conn = io.tmpfile()}}", 0,
	    "[2][\"conn\"]: userdata (FILE*)");
	refused("local co = coroutine.create(print) return function() return co "
	    "end", 0, "upvalue 'co' of function at chunk:1: coroutine");
	refused("return {f = function() end}", MARSHAL_PLAIN,
	    "[\"f\"]: function (an answer is plain data)");
	refused("return {[print] = 1}", MARSHAL_PLAIN,
	    "key of a table: function (an answer is plain data)");
	refused("return setmetatable({}, {__index = function() end})",
	    MARSHAL_PLAIN, "metatable[\"__index\"]: function (an answer is "
	    "plain data); prun.register(name, metatable) lets it go by name");
	refused("return string.gmatch('a', 'a')", 0,
	    "C function that is in no module");
}
END(refusals)

static void
add_type(lua_State *L, const char *chunk)
{
	push(L, chunk);
	lua_pushliteral(L, "T");
	lua_rawgeti(L, 1, 1);
	lua_rawgeti(L, 1, 2);
	marshal_register(L, -3, -2, -1);
	lua_settop(L, 0);
}

TEST(types)
{
	static const char type[] = "T = {__prun_dump = function(s) return "
	    "{s.a} end} return {T, function(p) return setmetatable({a = p[1] "
	    "+ 1}, T) end}";
	lua_State *L = state(), *M = state();
	struct sink s;
	const char *p;

	sink_open(&s);
	add_type(L, type);
	add_type(M, type);
	push(L, "local v = setmetatable({a = 1}, T) return {v, v, T}");
	ck_assert_int_eq(marshal_encode(L, -1, &s.out, MARSHAL_PLAIN), 0);
	p = s.bytes;
	ck_assert_int_eq(marshal_decode(M, &p, s.out.p, MARSHAL_PLAIN), 0);
	lua_setglobal(M, "v");
	push(M, "return v[1] == v[2] and v[1].a == 2 and v[3] == T and "
	    "getmetatable(v[1]) == T");
	ck_assert(lua_toboolean(M, -1));
	push(L, "local v = setmetatable({}, T) v.a = v return v");
	ck_assert_int_eq(marshal_encode(L, -1, &s.out, MARSHAL_PLAIN), -1);
	free(s.bytes);
	lua_close(L);
	lua_close(M);
}
END(types)

/* Read bytes that may be broken, in a protected call. */
static int
read_bytes(lua_State *L)
{
	const char *p = lua_touserdata(L, 1);
	const char *end = p + lua_tointeger(L, 2);

	lua_pushinteger(L, marshal_decode(L, &p, end, MARSHAL_PLAIN));
	return 1;
}

static int
outcome(lua_State *L, const char *p, size_t n)
{
	char *copy = malloc(n + 1);
	int r;

	/* A block of its own, so that a sanitizer sees the least step over. */
	memcpy(copy, p, n);
	lua_settop(L, 0);
	lua_pushcfunction(L, read_bytes);
	lua_pushlightuserdata(L, copy);
	lua_pushinteger(L, (lua_Integer)n);
	r = lua_pcall(L, 2, 1, 0) == LUA_OK ? (int)lua_tointeger(L, -1) : -1;
	free(copy);
	return r;
}

TEST(broken_bytes)
{
	lua_State *L = state();
	struct sink s;
	size_t i, n;
	char old;
	int bit;

	sink_open(&s);
	push(L, "local t = {1, -5, 0.5, 'text', ('x'):rep(100), {a = {b = 1}}, "
	    "[2.5] = 'x'} t.t = t for _ = 1, 120 do t = {t} end "
	    "return setmetatable(t, {__mode = 'v'})");
	ck_assert_int_eq(marshal_encode(L, -1, &s.out, MARSHAL_PLAIN), 0);
	n = sink_len(&s);
	ck_assert_int_eq(outcome(L, s.bytes, n), 0);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(outcome(L, s.bytes, i), -1);
	for (i = 0; i < n; i++)
		for (bit = 0; bit < 8; bit++) {
			old = s.bytes[i];
			s.bytes[i] = (char)(old ^ 1 << bit);
			outcome(L, s.bytes, n);
			s.bytes[i] = old;
		}
	ck_assert_int_eq(outcome(L, s.bytes, n), 0);
	free(s.bytes);
	lua_close(L);
}
END(broken_bytes)

UNIT("marshal", scalars, tables, functions, refusals, types, broken_bytes)
