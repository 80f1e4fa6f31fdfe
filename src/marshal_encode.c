/* marshal_encode.c turns Lua values into bytes. */
#include "config.h"

#include "marshal_bytes.h"
#include "marshal_impl.h"

#include <errno.h>
#include <string.h>

/* A message being written. */
struct encoder {
	lua_State *L;
	struct marshal_out *out;
	struct marshal_names *names;
	int flags, depth;
	uint32_t ids;
	bool refs;
	bool code;			/* and modules were not looked for */
	int deferred;			/* stack index of a list, or nil */
	uint32_t deferred_len, deferred_done;
	int anchors;			/* the same of values made meanwhile */
};

static int encode_value(struct encoder *, int index);

/* Scalars. */

static inline int
encode_integer(lua_State *L, struct marshal_out *out, lua_Integer i)
{
	int8_t i8 = (int8_t)i;
	int16_t i16 = (int16_t)i;
	int32_t i32 = (int32_t)i;

	if (i >= 0 && i < TAG_STRING)
		return encode_tag(L, out, (int)i);
	if (i == i8)
		return encode_number(L, out, TAG_INT8, &i8, sizeof i8);
	if (i == i16)
		return encode_number(L, out, TAG_INT16, &i16, sizeof i16);
	if (i == i32)
		return encode_number(L, out, TAG_INT32, &i32, sizeof i32);
	return encode_number(L, out, TAG_INT64, &i, sizeof i);
}

static inline int
encode_string(lua_State *L, struct marshal_out *out, int index)
{
	size_t n;
	const char *s = lua_tolstring(L, index, &n);
	uint64_t len = n;

	if (n < TAG_NIL - TAG_STRING) {
		if (encode_room(out, n + 1) == -1)
			return encode_no_memory(L);
		*out->p = (char)(TAG_STRING + n);
		memcpy(out->p + 1, s, n);
		out->p += n + 1;
		return 0;
	}
	if (encode_number(L, out, TAG_LONG_STRING, &len, sizeof len) == -1)
		return -1;
	return encode_bytes(L, out, s, n);
}

/* 0 and -1 as ever; 1: it is no scalar, nothing was written. */
static inline int
encode_scalar(lua_State *L, struct marshal_out *out, int index)
{
	lua_Number f;
	lua_Integer i;

	switch (lua_type(L, index)) {
	case LUA_TNUMBER:
		if (lua_isinteger(L, index)) {
			i = lua_tointeger(L, index);
			return encode_integer(L, out, i);
		}
		f = lua_tonumber(L, index);
		return encode_number(L, out, TAG_FLOAT, &f, sizeof f);
	case LUA_TSTRING:
		return encode_string(L, out, index);
	case LUA_TNIL:
		return encode_tag(L, out, TAG_NIL);
	case LUA_TBOOLEAN:
		return encode_tag(L, out, lua_toboolean(L, index) ? TAG_TRUE :
		    TAG_FALSE);
	default:
		return 1;
	}
}

/* Objects. */

/* Whether it was seen before, and then a reference; -1, 0: no, 1: written. */
static int
encode_seen(struct encoder *e, const void *key, int tag)
{
	uint32_t id = e->ids;
	int r = names_see(e->names, key, &id);

	if (r == -1)
		return encode_no_memory(e->L);
	if (r == 0) {
		e->ids++;
		return 0;
	}
	e->refs = true;
	return encode_number(e->L, e->out, tag, &id, sizeof id) == -1 ? -1 : 1;
}

/* Append the value at the top to the list at index, made when it is nil. */
static void
encode_keep(lua_State *L, int list)
{
	if (lua_isnil(L, list)) {
		lua_newtable(L);
		lua_replace(L, list);
	}
	lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

static int
encode_defer(struct encoder *e, int index)
{
	uint32_t id = e->ids - 1;

	if (lua_isnil(e->L, e->deferred)) {
		lua_newtable(e->L);
		lua_replace(e->L, e->deferred);
	}
	lua_pushvalue(e->L, index);
	lua_rawseti(e->L, e->deferred, ++e->deferred_len);
	e->refs = true;
	return encode_number(e->L, e->out, TAG_DEFERRED, &id, sizeof id);
}

/* Items and pairs of the table; its head was written at the offset. */
static int
encode_entries(struct encoder *e, int table, size_t head)
{
	lua_State *L = e->L;
	lua_Integer next = 1;
	uint32_t items = 0, pairs = 0;
	int r, key = lua_gettop(L) + 1;

	lua_pushnil(L);
	while (lua_next(L, table)) {
		if (pairs == 0 && lua_isinteger(L, -2) &&
		    lua_tointeger(L, -2) == next) {
			next++;
			items++;
		} else {
			pairs++;
			r = encode_value(e, key);
			if (r == -1) {
				lua_pushliteral(L, "key of a table");
				return refuse_in(e->L);
			}
		}
		r = encode_scalar(L, e->out, -1);
		if (r == 1)
			r = encode_value(e, key + 1);
		if (r == -1)
			return refuse_at_key(L, key);
		lua_pop(L, 1);
	}
	memcpy(e->out->base + head, &items, sizeof items);
	memcpy(e->out->base + head + sizeof items, &pairs, sizeof pairs);
	return 0;
}

/* The module and the key at the top, popped. */
static int
encode_field(struct encoder *e)
{
	lua_State *L = e->L;

	if (encode_tag(L, e->out, TAG_FIELD) == -1 ||
	    encode_string(L, e->out, -2) == -1 ||
	    encode_string(L, e->out, -1) == -1)
		return -1;
	lua_pop(L, 2);
	return 0;
}

/* The metatable at the top as a part of its table; popped. */
static int
encode_metatable(struct encoder *e)
{
	lua_State *L = e->L;
	int index = lua_gettop(L), r;

	/* A class of a module's is the same one on the other side. */
	if (names_class(L, e->names, index))
		r = encode_field(e);
	else
		r = encode_value(e, index);
	if (r == -1) {
		lua_pushliteral(L, "metatable");
		refuse_in(e->L);
		if (e->flags & MARSHAL_PLAIN &&
		    strstr(lua_tostring(L, -1), "function") != NULL)
			lua_pushfstring(L, "%s; prun.register(name, "
			    "metatable) lets it go by name",
			    lua_tostring(L, -1));
		return -1;
	}
	lua_pop(L, 1);
	return 0;
}

static int
encode_table_body(struct encoder *e, int index)
{
	lua_State *L = e->L;
	static const char counts[8];
	size_t head;
	bool meta = lua_getmetatable(L, index);

	if (encode_tag(L, e->out, meta ? TAG_TABLE_META : TAG_TABLE) == -1 ||
	    (meta && encode_metatable(e) == -1))
		return -1;
	head = (size_t)(e->out->p - e->out->base);
	if (encode_bytes(L, e->out, counts, sizeof counts) == -1)
		return -1;
	return encode_entries(e, index, head);
}

/* The table's name as a registered type's metatable; 1: it is none. */
static int
encode_type_name(struct encoder *e, int index)
{
	lua_State *L = e->L;
	int r;

	if (!e->names->types || e->flags & MARSHAL_TYPES ||
	    !names_type(L, index))
		return 1;
	lua_pop(L, 1);
	r = encode_tag(L, e->out, TAG_TYPE);
	if (r == 0)
		r = encode_string(L, e->out, -1);
	if (r == 0)
		lua_pop(L, 1);
	return r;
}

/*
 * A table whose type has a __prun_dump or a load function, the name and load
 * function at the top: what the one gives goes to the other.
 */
static int
encode_custom_body(struct encoder *e, int index)
{
	lua_State *L = e->L;
	int name = lua_gettop(L) - 1;

	if (e->depth >= MARSHAL_DEPTH) {
		lua_pushfstring(L, "values of type '%s' nested too deeply",
		    lua_tostring(L, name));
		return -1;
	}
	lua_getmetatable(L, index);
	lua_pushliteral(L, "__prun_dump");
	lua_rawget(L, -2);
	if (lua_isfunction(L, -1)) {
		lua_pushvalue(L, index);
		lua_call(L, 1, 1);
	} else {
		lua_newtable(L);
		lua_pushnil(L);
		while (lua_next(L, index)) {
			lua_pushvalue(L, -2);
			lua_insert(L, -2);
			lua_rawset(L, -4);
		}
	}
	/* Its address must stay its own until the message is over. */
	lua_pushvalue(L, -1);
	encode_keep(L, e->anchors);
	if (encode_tag(L, e->out, TAG_CUSTOM) == -1 ||
	    encode_string(L, e->out, name) == -1)
		return -1;
	if (encode_value(e, lua_gettop(L)) == -1) {
		lua_pushfstring(L, "__prun_dump of type '%s'",
		    lua_tostring(L, name));
		return refuse_in(e->L);
	}
	return 0;
}

/* 1: the table is no such one. */
static int
encode_custom(struct encoder *e, int index)
{
	lua_State *L = e->L;
	int top = lua_gettop(L), r;
	uint32_t id;
	bool dumps;

	if (!e->names->types || !lua_getmetatable(L, index))
		return 1;
	if (!names_type(L, -1)) {
		lua_settop(L, top);
		return 1;
	}
	lua_pushliteral(L, "__prun_dump");
	dumps = lua_rawget(L, top + 1) == LUA_TFUNCTION;
	lua_pop(L, 1);
	if (!dumps && lua_isnil(L, -1)) {
		lua_settop(L, top);
		return 1;
	}
	if (names_find(e->names, lua_topointer(L, index), &id)) {
		lua_settop(L, top);
		e->refs = true;
		return encode_number(L, e->out, TAG_REF, &id, sizeof id);
	}
	e->depth++;
	r = encode_custom_body(e, index);
	e->depth--;
	if (r == -1)
		return -1;
	lua_settop(L, top);
	/* Only now: what is in it cannot refer to it. */
	id = e->ids++;
	return names_see(e->names, lua_topointer(L, index), &id) == -1 ?
	    encode_no_memory(L) : 0;
}

/*
 * Push the module's name. Code may name modules that came since the last look
 * at package.loaded; for data, which rarely does, we do not look.
 */
static bool
encode_find_module(struct encoder *e, int index)
{
	if (names_module(e->L, e->names, index))
		return true;
	if (!e->code)
		return false;
	e->code = false;
	names_refresh(e->L, e->names);
	return names_module(e->L, e->names, index);
}

/* A table that has a name. 1: it has none. */
static int
encode_named_table(struct encoder *e, int index)
{
	lua_State *L = e->L;
	int r;

	lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
	r = lua_rawequal(L, -1, index);
	lua_pop(L, 1);
	if (r && e->flags & MARSHAL_PLAIN) {
		lua_pushliteral(L, "the table of globals (an answer is plain "
		    "data)");
		return -1;
	}
	if (r)
		return encode_tag(L, e->out, TAG_GLOBALS);
	if ((r = encode_type_name(e, index)) != 1)
		return r;
	if (!encode_find_module(e, index))
		return 1;
	if (encode_tag(L, e->out, TAG_MODULE) == -1 ||
	    encode_string(L, e->out, -1) == -1)
		return -1;
	lua_pop(L, 1);
	return 0;
}

static int
encode_table(struct encoder *e, int index)
{
	int r;

	if ((r = encode_named_table(e, index)) != 1)
		return r;
	if (lua_getmetatable(e->L, index)) {
		lua_pop(e->L, 1);
		if ((r = encode_custom(e, index)) != 1)
			return r;
	}
	if ((r = encode_seen(e, lua_topointer(e->L, index), TAG_REF)) != 0)
		return r == -1 ? -1 : 0;
	if (e->depth >= MARSHAL_DEPTH)
		return encode_defer(e, index);
	e->depth++;
	r = encode_table_body(e, index);
	e->depth--;
	return r;
}

/* Functions. */

static int
encode_dump(lua_State *L, const void *p, size_t n, void *arg)
{
	struct marshal_out *out = arg;

	(void)L;
	if (encode_room(out, n) == -1)
		return -1;
	memcpy(out->p, p, n);
	out->p += n;
	return 0;
}

static int
encode_upvalues(struct encoder *e, int index)
{
	lua_State *L = e->L;
	const char *name;
	int i, r;

	for (i = 1; (name = lua_getupvalue(L, index, i)) != NULL; i++) {
		r = encode_seen(e, lua_upvalueid(L, index, i),
		    TAG_OLD_UPVALUE);
		if (r == 0) {
			r = encode_tag(L, e->out, TAG_NEW_UPVALUE);
			if (r == 0)
				r = encode_value(e, lua_gettop(L));
		}
		if (r == -1)
			return refuse_at_upvalue(L, index, name);
		lua_pop(L, 1);
	}
	return 0;
}

static int
encode_function_body(struct encoder *e, int index)
{
	lua_State *L = e->L;
	char head[1 + 4 + 8] = { (char)TAG_FUNCTION };
	uint32_t upvalues = 0;
	uint64_t len;
	size_t at;

	while (lua_getupvalue(L, index, (int)upvalues + 1) != NULL) {
		lua_pop(L, 1);
		upvalues++;
	}
	memcpy(head + 1, &upvalues, sizeof upvalues);
	if (encode_bytes(L, e->out, head, sizeof head) == -1)
		return -1;
	at = (size_t)(e->out->p - e->out->base);
	lua_pushvalue(L, index);
	if (lua_dump(L, encode_dump, e->out, 0) != 0)
		return encode_no_memory(L);
	lua_pop(L, 1);
	len = (uint64_t)(e->out->p - e->out->base) - at;
	memcpy(e->out->base + at - sizeof len, &len, sizeof len);
	return encode_upvalues(e, index);
}

static int
encode_function(struct encoder *e, int index)
{
	lua_State *L = e->L;
	bool in_c = lua_iscfunction(L, index);
	int r;

	if (e->flags & MARSHAL_PLAIN) {
		lua_pushliteral(L, "function (an answer is plain data)");
		return -1;
	}
	if (names_field(L, e->names, index, false) ||
	    (in_c && names_field(L, e->names, index, true)))
		return encode_field(e);
	if (in_c) {
		lua_pushliteral(L, "C function that is in no module");
		return -1;
	}
	if ((r = encode_seen(e, lua_topointer(L, index), TAG_REF)) != 0)
		return r == -1 ? -1 : 0;
	if (e->depth >= MARSHAL_DEEPEST) {
		lua_pushliteral(L, "functions nested too deeply");
		return -1;
	}
	e->depth++;
	r = encode_function_body(e, index);
	e->depth--;
	return r;
}

static int
encode_value(struct encoder *e, int index)
{
	lua_State *L = e->L;
	int r = encode_scalar(L, e->out, index);

	if (r != 1)
		return r;
	luaL_checkstack(L, 12, "value nested too deeply");
	switch (lua_type(L, index)) {
	case LUA_TTABLE:
		return encode_table(e, index);
	case LUA_TFUNCTION:
		return encode_function(e, index);
	case LUA_TTHREAD:
		lua_pushliteral(L, "coroutine");
		return -1;
	default:
		if (!(e->flags & MARSHAL_PLAIN) &&
		    (names_field(L, e->names, index, false) ||
		    names_field(L, e->names, index, true)))
			return encode_field(e);
		return refuse_userdata(L, index);
	}
}

/* Messages. */

static int
encode_deferred(struct encoder *e)
{
	int top = lua_gettop(e->L);

	while (e->deferred_done < e->deferred_len) {
		lua_rawgeti(e->L, e->deferred, ++e->deferred_done);
		lua_pushnil(e->L);
		lua_rawseti(e->L, e->deferred, e->deferred_done);
		if (encode_table_body(e, top + 1) == -1) {
			lua_pushliteral(e->L, "...");
			return refuse_in(e->L);
		}
		lua_settop(e->L, top);
	}
	return 0;
}

/* Write the object with its header; the message of a refusal is on top. */
static int
encode_object(struct encoder *e, int index)
{
	char head[OBJECT_HEADER] = { (char)TAG_OBJECT };
	size_t at = (size_t)(e->out->p - e->out->base);
	uint64_t len;

	if (encode_bytes(e->L, e->out, head, sizeof head) == -1 ||
	    encode_value(e, index) == -1 || encode_deferred(e) == -1)
		return -1;
	len = (uint64_t)(e->out->p - e->out->base) - at - OBJECT_HEADER;
	memcpy(e->out->base + at + 1, &len, sizeof len);
	e->out->base[at + OBJECT_HEADER - 1] = e->refs ? OBJECT_REFS : 0;
	return 0;
}

static int
encode_compound(lua_State *L, int index, struct marshal_out *out, int flags)
{
	struct encoder e = { .L = L, .out = out, .names = names_of(L),
	    .flags = flags, .code = lua_isfunction(L, index) };
	int top = lua_gettop(L);

	luaL_checkstack(L, 16, "value");
	names_begin(e.names);
	/* Lists that are made when they are needed. */
	lua_pushnil(L);
	e.anchors = lua_gettop(L);
	lua_pushnil(L);
	e.deferred = lua_gettop(L);
	if (encode_object(&e, index) == -1) {
		lua_replace(L, top + 1);
		lua_settop(L, top + 1);
		return -1;
	}
	lua_settop(L, top);
	return 0;
}

int
marshal_encode(lua_State *L, int index, struct marshal_out *out, int flags)
{
	int r = encode_scalar(L, out, index);

	return r != 1 ? r : encode_compound(L, lua_absindex(L, index), out,
	    flags);
}
