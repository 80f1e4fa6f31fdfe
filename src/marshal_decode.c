/* marshal_decode.c turns bytes into Lua values, and believes none of them. */
#include "config.h"

#include "marshal_impl.h"

#include <string.h>

/* A message being read. */
struct decoder {
	lua_State *L;
	const char *p, *end;
	int flags, depth;
	uint32_t ids;
	int refs;			/* stack index of the list, or 0 */
	uint32_t deferred_len, deferred_done;
};

static int decode_value(struct decoder *);

static int
decode_broken(lua_State *L)
{
	lua_pushliteral(L, "broken message");
	return -1;
}

static inline int
decode_bytes(struct decoder *d, void *to, size_t n)
{
	if ((size_t)(d->end - d->p) < n)
		return decode_broken(d->L);
	memcpy(to, d->p, n);
	d->p += n;
	return 0;
}

/* Scalars. */

static inline int
decode_integer(struct decoder *d, int tag)
{
	int8_t i8;
	int16_t i16;
	int32_t i32;
	lua_Integer i = 0;
	int r;

	switch (tag) {
	case TAG_INT8:
		r = decode_bytes(d, &i8, sizeof i8);
		i = r == 0 ? i8 : 0;
		break;
	case TAG_INT16:
		r = decode_bytes(d, &i16, sizeof i16);
		i = r == 0 ? i16 : 0;
		break;
	case TAG_INT32:
		r = decode_bytes(d, &i32, sizeof i32);
		i = r == 0 ? i32 : 0;
		break;
	default:
		r = decode_bytes(d, &i, sizeof i);
	}
	if (r == 0)
		lua_pushinteger(d->L, i);
	return r;
}

static int
decode_text(struct decoder *d, uint64_t n)
{
	if (n > (uint64_t)(d->end - d->p))
		return decode_broken(d->L);
	lua_pushlstring(d->L, d->p, (size_t)n);
	d->p += n;
	return 0;
}

static int
decode_long_string(struct decoder *d)
{
	uint64_t n;

	if (decode_bytes(d, &n, sizeof n) == -1)
		return -1;
	return decode_text(d, n);
}

static int
decode_float(struct decoder *d)
{
	lua_Number f;

	if (decode_bytes(d, &f, sizeof f) == -1)
		return -1;
	lua_pushnumber(d->L, f);
	return 0;
}

/* Push what is no compound; 1: the tag, read, is that of one. */
static inline int
decode_scalar(struct decoder *d, int *tag)
{
	if (d->p == d->end)
		return decode_broken(d->L);
	*tag = (unsigned char)*d->p++;
	if (*tag < TAG_STRING) {
		lua_pushinteger(d->L, *tag);
		return 0;
	}
	if (*tag < TAG_NIL)
		return decode_text(d, (uint64_t)*tag - TAG_STRING);
	switch (*tag) {
	case TAG_NIL:
		lua_pushnil(d->L);
		return 0;
	case TAG_FALSE:
	case TAG_TRUE:
		lua_pushboolean(d->L, *tag == TAG_TRUE);
		return 0;
	case TAG_INT8:
	case TAG_INT16:
	case TAG_INT32:
	case TAG_INT64:
		return decode_integer(d, *tag);
	case TAG_FLOAT:
		return decode_float(d);
	case TAG_LONG_STRING:
		return decode_long_string(d);
	default:
		return 1;
	}
}

/* A string, as a name; pushed. */
static int
decode_name(struct decoder *d)
{
	int tag, r = decode_scalar(d, &tag);

	if (r == 0 && lua_type(d->L, -1) == LUA_TSTRING)
		return 0;
	return r == -1 ? -1 : decode_broken(d->L);
}

/* Objects. */

/* The object at the top gets the next id. */
static void
decode_remember(struct decoder *d)
{
	d->ids++;
	if (d->refs == 0)
		return;
	lua_pushvalue(d->L, -1);
	lua_rawseti(d->L, d->refs, (lua_Integer)d->ids);
}

static int
decode_ref(struct decoder *d)
{
	uint32_t id;

	if (decode_bytes(d, &id, sizeof id) == -1)
		return -1;
	if (d->refs == 0 || id >= d->ids ||
	    lua_rawgeti(d->L, d->refs, (lua_Integer)id + 1) == LUA_TNIL)
		return decode_broken(d->L);
	return 0;
}

/* An empty table now; its contents come behind the value, in order. */
static int
decode_deferred(struct decoder *d)
{
	uint32_t id;

	if (decode_bytes(d, &id, sizeof id) == -1)
		return -1;
	if (d->refs == 0 || id != d->ids)
		return decode_broken(d->L);
	lua_newtable(d->L);
	decode_remember(d);
	lua_pushvalue(d->L, -1);
	lua_rawseti(d->L, d->refs, -(lua_Integer)++d->deferred_len * 2);
	return 0;
}

/* A key may be neither nil nor nan. */
static bool
decode_is_key(lua_State *L)
{
	lua_Number f;

	if (lua_isnil(L, -1))
		return false;
	if (lua_type(L, -1) != LUA_TNUMBER || lua_isinteger(L, -1))
		return true;
	f = lua_tonumber(L, -1);
	return f == f;
}

/* Items and pairs into the table at the top. */
static int
decode_entries(struct decoder *d, uint32_t items, uint32_t pairs)
{
	lua_State *L = d->L;
	int table = lua_gettop(L);
	uint32_t i;

	for (i = 1; i <= items; i++) {
		if (decode_value(d) == -1)
			return -1;
		lua_rawseti(L, table, (lua_Integer)i);
	}
	for (i = 0; i < pairs; i++) {
		if (decode_value(d) == -1)
			return -1;
		if (!decode_is_key(L))
			return decode_broken(L);
		if (decode_value(d) == -1)
			return -1;
		lua_rawset(L, table);
	}
	return 0;
}

static int
decode_counts(struct decoder *d, uint32_t counts[2])
{
	if (decode_bytes(d, counts, 2 * sizeof *counts) == -1)
		return -1;
	if ((uint64_t)counts[0] + 2 * (uint64_t)counts[1] >
	    (uint64_t)(d->end - d->p))
		return decode_broken(d->L);
	return 0;
}

/* Room at once for what a table says it holds, as far as that may be true. */
static int
decode_size(const struct decoder *d, uint32_t n)
{
	size_t likely = (size_t)(d->end - d->p) / 2 + 8;

	return (int)(n < likely ? n : likely);
}

/* The metatable comes first; it may be the table itself, so that exists. */
static int
decode_table(struct decoder *d, bool meta)
{
	lua_State *L = d->L;
	uint32_t counts[2];

	if (!meta) {
		if (decode_counts(d, counts) == -1)
			return -1;
		lua_createtable(L, decode_size(d, counts[0]),
		    decode_size(d, counts[1]));
		decode_remember(d);
		return decode_entries(d, counts[0], counts[1]);
	}
	lua_newtable(L);
	decode_remember(d);
	if (decode_value(d) == -1)
		return -1;
	if (!lua_istable(L, -1))
		return decode_broken(L);
	lua_insert(L, -2);
	if (decode_counts(d, counts) == -1 ||
	    decode_entries(d, counts[0], counts[1]) == -1)
		return -1;
	lua_insert(L, -2);
	lua_setmetatable(L, -2);
	return 0;
}

/* A table's tag read again, into the deferred table at the top. */
static int
decode_body(struct decoder *d)
{
	lua_State *L = d->L;
	int table = lua_gettop(L);
	uint32_t counts[2];
	unsigned char tag;

	if (decode_bytes(d, &tag, 1) == -1)
		return -1;
	if (tag != TAG_TABLE && tag != TAG_TABLE_META)
		return decode_broken(L);
	if (tag == TAG_TABLE_META && decode_value(d) == -1)
		return -1;
	if (tag == TAG_TABLE_META && !lua_istable(L, -1))
		return decode_broken(L);
	lua_pushvalue(L, table);
	if (decode_counts(d, counts) == -1 ||
	    decode_entries(d, counts[0], counts[1]) == -1)
		return -1;
	lua_pop(L, 1);
	if (tag == TAG_TABLE_META)
		lua_setmetatable(L, table);
	return 0;
}

/* Names. */

static int
decode_module(struct decoder *d)
{
	lua_State *L = d->L;

	if (decode_name(d) == -1)
		return -1;
	lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	lua_pushvalue(L, -2);
	if (lua_rawget(L, -2) == LUA_TTABLE) {
		lua_replace(L, -3);
		lua_pop(L, 1);
		return 0;
	}
	/* Data does not load code, but what is a part of the program. */
	if (d->flags & MARSHAL_PLAIN &&
	    strncmp(lua_tostring(L, -3), "prun.", 5) != 0)
		return decode_broken(L);
	lua_pop(L, 2);
	lua_getglobal(L, "require");
	lua_insert(L, -2);
	lua_call(L, 1, 1);
	return 0;
}

static int
decode_field(struct decoder *d)
{
	lua_State *L = d->L;

	if (decode_module(d) == -1 || decode_name(d) == -1)
		return -1;
	if (!lua_istable(L, -2))
		return decode_broken(L);
	lua_pushvalue(L, -1);
	/* By the module's manners: a field may be made when it is asked for. */
	if (d->flags & MARSHAL_PLAIN)
		lua_rawget(L, -3);
	else
		lua_gettable(L, -3);
	if (lua_isnil(L, -1)) {
		lua_pushfstring(L, "a module has no field '%s' here",
		    lua_tostring(L, -2));
		return -1;
	}
	if (d->flags & MARSHAL_PLAIN && !lua_istable(L, -1))
		return decode_broken(L);
	lua_replace(L, -3);
	lua_pop(L, 1);
	return 0;
}

/* Push metatable and load function of a type. */
static int
decode_type_parts(struct decoder *d)
{
	lua_State *L = d->L;

	if (decode_name(d) == -1)
		return -1;
	lua_pushvalue(L, -1);
	if (!names_type_of(L)) {
		lua_pushfstring(L, "type '%s' is not registered here",
		    lua_tostring(L, -1));
		return -1;
	}
	lua_remove(L, -3);
	return 0;
}

static int
decode_type(struct decoder *d)
{
	if (decode_type_parts(d) == -1)
		return -1;
	lua_pop(d->L, 1);
	return 0;
}

static int
decode_custom(struct decoder *d)
{
	lua_State *L = d->L;

	if (decode_type_parts(d) == -1 || decode_value(d) == -1)
		return -1;
	if (lua_isfunction(L, -2)) {
		lua_call(L, 1, 1);
		lua_replace(L, -2);
	} else {
		if (!lua_istable(L, -1)) {
			lua_pushliteral(L, "a type without a load function "
			    "whose __prun_dump gives no table");
			return -1;
		}
		lua_replace(L, -2);
		lua_insert(L, -2);
		lua_setmetatable(L, -2);
	}
	decode_remember(d);
	return 0;
}

/* Functions. */

static int
decode_upvalue(struct decoder *d, int function, int i)
{
	lua_State *L = d->L;
	unsigned char tag;
	uint32_t id;

	if (decode_bytes(d, &tag, 1) == -1)
		return -1;
	if (tag == TAG_NEW_UPVALUE) {
		/* The upvalue is known by its closure and its place there. */
		lua_pushvalue(L, function);
		decode_remember(d);
		lua_pop(L, 1);
		if (d->refs != 0) {
			lua_pushinteger(L, i);
			lua_rawseti(L, d->refs, -(lua_Integer)d->ids * 2 + 1);
		}
		if (decode_value(d) == -1)
			return -1;
		if (lua_setupvalue(L, function, i) == NULL)
			return decode_broken(L);
		return 0;
	}
	if (tag != TAG_OLD_UPVALUE || decode_bytes(d, &id, sizeof id) == -1 ||
	    d->refs == 0 || id >= d->ids)
		return decode_broken(L);
	lua_rawgeti(L, d->refs, (lua_Integer)id + 1);
	lua_rawgeti(L, d->refs, -((lua_Integer)id + 1) * 2 + 1);
	if (!lua_isfunction(L, -2) || lua_iscfunction(L, -2) ||
	    !lua_isinteger(L, -1) || lua_getupvalue(L, function, i) == NULL)
		return decode_broken(L);
	lua_pop(L, 1);
	lua_upvaluejoin(L, function, i, lua_gettop(L) - 1,
	    (int)lua_tointeger(L, -1));
	lua_pop(L, 2);
	return 0;
}

static int
decode_function(struct decoder *d)
{
	lua_State *L = d->L;
	int function = lua_gettop(L) + 1;
	uint32_t upvalues, i;
	uint64_t n;

	if (d->flags & MARSHAL_PLAIN ||
	    decode_bytes(d, &upvalues, sizeof upvalues) == -1 ||
	    decode_bytes(d, &n, sizeof n) == -1 ||
	    n > (uint64_t)(d->end - d->p) || upvalues > 255)
		return decode_broken(L);
	if (luaL_loadbufferx(L, d->p, (size_t)n, "=prun", "b") != LUA_OK)
		return -1;
	d->p += n;
	decode_remember(d);
	for (i = 1; i <= upvalues; i++)
		if (decode_upvalue(d, function, (int)i) == -1)
			return -1;
	return 0;
}

static int
decode_compound(struct decoder *d, int tag)
{
	switch (tag) {
	case TAG_TABLE:
		return decode_table(d, false);
	case TAG_TABLE_META:
		return decode_table(d, true);
	case TAG_FUNCTION:
		return decode_function(d);
	case TAG_REF:
		return decode_ref(d);
	case TAG_DEFERRED:
		return decode_deferred(d);
	case TAG_GLOBALS:
		if (d->flags & MARSHAL_PLAIN)
			return decode_broken(d->L);
		lua_rawgeti(d->L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
		return 0;
	case TAG_MODULE:
		return decode_module(d);
	case TAG_FIELD:
		return decode_field(d);
	case TAG_CUSTOM:
		return decode_custom(d);
	case TAG_TYPE:
		return decode_type(d);
	default:
		return decode_broken(d->L);
	}
}

static int
decode_value(struct decoder *d)
{
	int tag, r = decode_scalar(d, &tag);

	if (r != 1)
		return r;
	/* No encoder goes deeper. */
	if (d->depth > MARSHAL_DEEPEST + 2 * MARSHAL_DEPTH)
		return decode_broken(d->L);
	luaL_checkstack(d->L, 12, "value nested too deeply");
	d->depth++;
	r = decode_compound(d, tag);
	d->depth--;
	return r;
}

/* Messages. */

static int
decode_all(struct decoder *d)
{
	lua_State *L = d->L;

	if (decode_value(d) == -1)
		return -1;
	while (d->deferred_done < d->deferred_len) {
		lua_rawgeti(L, d->refs, -(lua_Integer)++d->deferred_done * 2);
		lua_pushnil(L);
		lua_rawseti(L, d->refs, -(lua_Integer)d->deferred_done * 2);
		if (decode_body(d) == -1)
			return -1;
		lua_pop(L, 1);
	}
	return d->p == d->end ? 0 : decode_broken(L);
}

static int
decode_object(lua_State *L, const char **p, const char *end, int flags)
{
	struct decoder d = { .L = L, .p = *p, .flags = flags };
	int top = lua_gettop(L), refs;

	luaL_checkstack(L, 16, "value");
	if (object_header(&d.p, end, &d.end, &refs) == -1)
		return decode_broken(L);
	*p = d.end;
	if (refs) {
		lua_newtable(L);
		d.refs = top + 1;
	}
	if (decode_all(&d) == -1) {
		lua_insert(L, top + 1);
		lua_settop(L, top + 1);
		return -1;
	}
	if (refs)
		lua_remove(L, top + 1);
	return 0;
}

int
marshal_decode(lua_State *L, const char **p, const char *end, int flags)
{
	struct decoder d = { .L = L, .p = *p, .end = end, .flags = flags };
	int tag, r = decode_scalar(&d, &tag);

	*p = d.p;
	if (r != 1)
		return r;
	if (tag != TAG_OBJECT)
		return decode_broken(L);
	return decode_object(L, p, end, flags);
}
