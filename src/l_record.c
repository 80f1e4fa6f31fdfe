/* l_record.c is prun.core.record: an input's records as strings. */
#include <errno.h>
#include <string.h>

#include "fd.h"
#include "l_core.h"
#include "record.h"

#define READER "prun.core.record"

struct l_reader {
	struct record_reader reader;
	int own;		/* the descriptor, when it is ours to close */
	int zero;		/* a NUL may stand in a record */
};

/*
 * open(fd, separator, max, own): a reader of fd's records. max: the most bytes
 * a record may have (0: any number); own: close fd at the end.
 */
static int
l_record_open(lua_State *L)
{
	int fd = (int)luaL_checkinteger(L, 1);
	size_t len;
	const char *separator = luaL_checklstring(L, 2, &len);
	size_t max = (size_t)luaL_optinteger(L, 3, 0);
	struct l_reader *h;

	luaL_argcheck(L, len > 0, 2, "empty separator");
	h = lua_newuserdatauv(L, sizeof *h, 1);
	memset(h, 0, sizeof *h);
	h->own = lua_toboolean(L, 4) ? fd : -1;
	record_open(&h->reader, fd, separator, len, max);
	h->zero = memchr(separator, 0, len) != NULL;
	luaL_setmetatable(L, READER);
	lua_pushvalue(L, 2);
	lua_setiuservalue(L, -2, 1);
	return 1;
}

static int
l_record_none(lua_State *L, const char *why)
{
	lua_pushnil(L);
	lua_pushstring(L, why);
	return 2;
}

static int
l_record_give(lua_State *L, struct l_reader *h, const struct record *rec)
{
	if (h->zero || memchr(rec->bytes, 0, rec->len) == NULL) {
		lua_pushlstring(L, rec->bytes, rec->len);
		return 1;
	}
	l_record_none(L, "nul");
	lua_pushinteger(L, (lua_Integer)h->reader.count);
	return 3;
}

/*
 * reader:next(): the next record; or nil and "wait" (watch reader:fd()), "end",
 * "nul" and the record's number, "long", its length and its head, or "error",
 * a message and errno.
 */
static int
l_record_next(lua_State *L)
{
	struct l_reader *h = luaL_checkudata(L, 1, READER);
	struct record rec = { .bytes = "" };
	int error;

	switch (record_next(&h->reader, &rec)) {
	case RECORD_GOT:
		return l_record_give(L, h, &rec);
	case RECORD_WAIT:
		return l_record_none(L, "wait");
	case RECORD_LONG:
		l_record_none(L, "long");
		lua_pushinteger(L, (lua_Integer)rec.whole);
		lua_pushlstring(L, rec.bytes, rec.len);
		return 4;
	case RECORD_ERROR:
		error = errno;
		l_record_none(L, "error");
		lua_pushstring(L, strerror(error));
		lua_pushinteger(L, error);
		return 4;
	default:
		return l_record_none(L, "end");
	}
}

/* reader:fd(): what to watch after "wait". */
static int
l_record_fd(lua_State *L)
{
	struct l_reader *h = luaL_checkudata(L, 1, READER);

	lua_pushinteger(L, h->reader.fd);
	return 1;
}

/* reader:count(): how many records were given. */
static int
l_record_count(lua_State *L)
{
	struct l_reader *h = luaL_checkudata(L, 1, READER);

	lua_pushinteger(L, (lua_Integer)h->reader.count);
	return 1;
}

/* reader:close(). Also its __gc and __close. */
static int
l_record_close(lua_State *L)
{
	struct l_reader *h = luaL_checkudata(L, 1, READER);

	record_close(&h->reader);
	fd_close(&h->own);
	return 0;
}

static const luaL_Reg methods[] = {
	{ "next", l_record_next },
	{ "fd", l_record_fd },
	{ "count", l_record_count },
	{ "close", l_record_close },
	{ "__gc", l_record_close },
	{ "__close", l_record_close },
	{ NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "open", l_record_open },
	{ NULL, NULL }
};

int
luaopen_prun_core_record(lua_State *L)
{
	l_class(L, READER, methods);
	luaL_newlib(L, functions);
	return 1;
}
