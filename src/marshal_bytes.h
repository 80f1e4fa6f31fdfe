/* Bytes of a message being written: each 0, or -1 with a string pushed. */
#ifndef PRUN_MARSHAL_BYTES_H
#define PRUN_MARSHAL_BYTES_H

#include <string.h>

#include "marshal.h"

static inline int
encode_room(struct marshal_out *out, size_t n)
{
	return (size_t)(out->end - out->p) >= n ? 0 : out->grow(out, n);
}

static inline int
encode_no_memory(lua_State *L)
{
	lua_pushliteral(L, "not enough memory");
	return -1;
}

static inline int
encode_bytes(lua_State *L, struct marshal_out *out, const void *p, size_t n)
{
	if (encode_room(out, n) == -1)
		return encode_no_memory(L);
	memcpy(out->p, p, n);
	out->p += n;
	return 0;
}

static inline int
encode_tag(lua_State *L, struct marshal_out *out, int tag)
{
	if (encode_room(out, 1) == -1)
		return encode_no_memory(L);
	*out->p++ = (char)tag;
	return 0;
}

/* A tag and n bytes of a number. */
static inline int
encode_number(lua_State *L, struct marshal_out *out, int tag, const void *p,
    size_t n)
{
	if (encode_room(out, n + 1) == -1)
		return encode_no_memory(L);
	*out->p = (char)tag;
	memcpy(out->p + 1, p, n);
	out->p += n + 1;
	return 0;
}

#endif
