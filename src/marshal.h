/* Lua values to bytes and back. */
#ifndef PRUN_MARSHAL_H
#define PRUN_MARSHAL_H

#include <stdbool.h>
#include <stddef.h>

#include <lua.h>

/*
 * One message holds one Lua value with all that it refers to; identity and
 * cycles within it are kept. Numbers keep their subtype and every bit. What
 * goes by name and not by value: the globals table, modules (tables that
 * package.loaded holds), the functions of modules, C functions among them, and
 * the types told to prun.register. Lua functions go as bytecode with their
 * upvalues, shared ones stay shared; metatables go with their tables. Bytes are
 * good for the same build of the program only.
 *
 * No metamethod runs, but the __prun_dump of a type that asks for it.
 */
enum {
	/*
	 * Data and no code: the encoder refuses functions, with a message,
	 * and the decoder takes a message that holds one for a broken one.
	 */
	MARSHAL_PLAIN = 1,
	/* The registered types themselves: they go by value. */
	MARSHAL_TYPES = 2
};

/*
 * Where the encoder writes: from p on. When end - p is less than it needs it
 * calls grow, which makes it at least need bytes and may move all three; it
 * returns -1 when it cannot. base is where the caller's message began or
 * before; it is not touched.
 */
struct marshal_out {
	char *base, *p, *end;
	int (*grow)(struct marshal_out *, size_t need);
};

/*
 * Append the value at index as one message. 0; or -1 with a string pushed on
 * the stack that names what cannot be sent, and where it is in the value:
 * "upvalue 'conn' of function at job.lua:12: userdata". On failure p is
 * anywhere. May raise a memory error, and what a __prun_dump raises.
 */
int marshal_encode(lua_State *, int index, struct marshal_out *, int flags);

/*
 * Read one message at *p, before end; push its value and move *p behind it. 0;
 * or -1 with a string pushed that says what is wrong. No length, count or depth
 * in the bytes is believed. May raise a memory error, and what a module that
 * is required, or a registered load function, raises.
 */
int marshal_decode(lua_State *, const char **p, const char *end, int flags);

/* Move *p behind one message without reading it. 0, or -1 when it is broken. */
int marshal_skip(const char **p, const char *end);

/*
 * Register a type: name, metatable and load function at the three indexes. A
 * table with this metatable goes as name and what its __prun_dump returns (the
 * table's own fields without one); load(plain) makes it anew, or without a
 * function (nil) the fields get the metatable. Names are unique: a later
 * registration replaces the earlier one.
 */
void marshal_register(lua_State *, int name, int metatable, int load);

/*
 * Push the table of all that is registered, name = {metatable, load}, to be
 * sent to another state (with MARSHAL_TYPES) and registered there, before
 * messages that name them.
 */
void marshal_registered(lua_State *);

#endif
