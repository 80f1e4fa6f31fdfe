/* What the encoder, the decoder and the names of marshal share. */
#ifndef PRUN_MARSHAL_IMPL_H
#define PRUN_MARSHAL_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

#include "marshal.h"

/*
 * A value begins with a tag. Below TAG_STRING the tag is the integer itself,
 * below TAG_NIL it is a string's length and TAG_STRING.
 */
enum {
	TAG_STRING = 0x80,
	TAG_NIL = 0xc0, TAG_FALSE, TAG_TRUE,
	TAG_INT8, TAG_INT16, TAG_INT32, TAG_INT64,
	TAG_FLOAT,
	TAG_LONG_STRING,	/* u64 length, bytes */
	TAG_OBJECT = 0xd0,	/* u64 length of what follows, flags, value */
	TAG_TABLE = 0xe0,	/* u32 items, u32 pairs, items, pairs */
	TAG_TABLE_META,		/* the same behind the metatable */
	TAG_FUNCTION,		/* u32 upvalues, u64 length, bytecode, upvalues */
	TAG_REF,		/* u32 id of an object that came before */
	TAG_DEFERRED,		/* a table that comes behind the value */
	TAG_GLOBALS,
	TAG_MODULE,		/* string: its name */
	TAG_FIELD,		/* strings: module, key */
	TAG_CUSTOM,		/* string: type; value for its load; then its id */
	TAG_TYPE,		/* string: type, for its metatable */
	TAG_NEW_UPVALUE,	/* its value follows */
	TAG_OLD_UPVALUE		/* u32 id */
};

/* Flags of an object: ids are referred to. */
enum { OBJECT_REFS = 1 };

enum {
	MARSHAL_DEPTH = 100,	/* tables nested deeper are deferred */
	MARSHAL_DEEPEST = 190,	/* what cannot be: functions, types */
	OBJECT_HEADER = 1 + 8 + 1
};

struct seen {
	const void *key;
	uint32_t id, generation;
};

/* Who was seen in the present message, and the modules there are. */
struct marshal_names {
	struct seen *seen;
	uint32_t size, used, generation;
	const void **modules;		/* tables in package.loaded, sorted */
	size_t modules_len, modules_cap;
	bool fields_old;		/* modules came since fields were listed */
	bool types;			/* some are registered */
};

/* The names of this state; made at the first call. */
struct marshal_names *names_of(lua_State *);

/* Begin a message: nothing was seen. */
void names_begin(struct marshal_names *);

/*
 * The id of the key seen before, or none: then it is seen from now on, with
 * the id given. -1 with errno: no memory; 0: new; 1: *id is set.
 */
int names_see(struct marshal_names *, const void *key, uint32_t *id);

/* Whether the key was seen, and the id it has. */
bool names_find(const struct marshal_names *, const void *key, uint32_t *id);

/* Look at package.loaded. */
void names_refresh(lua_State *, struct marshal_names *);

/* Push the name of the module at index; false, and nothing pushed: none. */
bool names_module(lua_State *, struct marshal_names *, int index);

/*
 * Push module and key of the function (or other value) at index as a field of
 * a module; false, and nothing pushed, when it is none. again: look anew.
 */
bool names_field(lua_State *, struct marshal_names *, int index, bool again);

/* The same of a metatable, whose module may have come since the last look. */
bool names_class(lua_State *, struct marshal_names *, int index);

/*
 * Push the type name of the metatable at index, and its load function; false,
 * and nothing pushed, when it is not registered.
 */
bool names_type(lua_State *, int metatable);

/* Push metatable and load function of the type named at the top, popped. */
bool names_type_of(lua_State *);

/*
 * A refusal is a message at the top of the stack. These put in front of it
 * where it is: the text at the top, a key, an upvalue; refuse_userdata pushes
 * one. All return -1.
 */
int refuse_in(lua_State *);
int refuse_at_key(lua_State *, int key);
int refuse_at_upvalue(lua_State *, int function, const char *name);
int refuse_userdata(lua_State *, int index);

/*
 * The length and the flags behind TAG_OBJECT: *stop is where the message ends.
 * 0, or -1: broken.
 */
int object_header(const char **p, const char *end, const char **stop,
    int *refs);

#endif
