/* l_block.c is prun.core.block: an input's blocks of records as strings. */
#include "config.h"

#include <errno.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "block.h"
#include "fd.h"
#include "l_core.h"

#define BLOCKS "prun.core.block"

struct l_blocks {
	struct block_reader reader;
	int own;		/* the descriptor, when it is ours to close */
};

/* Blocks come and go: their memory is used again, not mapped anew each time. */
static void
l_block_keep_memory(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 1 << 26);
	mallopt(M_TRIM_THRESHOLD, 1 << 28);
#endif
}

/*
 * open(fd, size, end, start, own, after): a reader of blocks (see block.h). end,
 * start: strings; own: close fd at the end.
 */
static int
l_block_open(lua_State *L)
{
	int fd = (int)luaL_checkinteger(L, 1);
	lua_Integer size = luaL_checkinteger(L, 2);
	struct l_blocks *h;
	size_t n;

	luaL_checklstring(L, 3, &n);
	luaL_checkstring(L, 4);
	lua_settop(L, 6);
	l_block_keep_memory();
	h = lua_newuserdatauv(L, sizeof *h, 1);
	memset(h, 0, sizeof *h);
	h->own = lua_toboolean(L, 5) ? fd : -1;
	block_open(&h->reader, fd, size < 1 ? 1 : (size_t)size);
	h->reader.end_len = n;
	h->reader.after = lua_toboolean(L, 6);
	lua_pushvalue(L, 3);
	lua_pushvalue(L, 4);
	lua_concat(L, 2);
	h->reader.separator = lua_tolstring(L, -1, &h->reader.separator_len);
	luaL_argcheck(L, h->reader.separator_len > 0, 3, "empty separator");
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, BLOCKS);
	return 1;
}

/*
 * reader:next(records, unit): the next block, as block.h has it; or nil and "wait" (watch reader:fd()), "end",
 * or "error", a message and errno.
 */
static int
l_block_next(lua_State *L)
{
	struct l_blocks *h = luaL_checkudata(L, 1, BLOCKS);
	struct record block = { .bytes = "" };
	int error;

	h->reader.records = (size_t)luaL_optinteger(L, 2, 0);
	h->reader.unit = (size_t)luaL_optinteger(L, 3, 0);
	switch (block_next(&h->reader, &block)) {
	case RECORD_GOT:
		lua_pushlstring(L, block.bytes, block.len);
		return 1;
	case RECORD_WAIT:
		lua_pushnil(L);
		lua_pushliteral(L, "wait");
		return 2;
	case RECORD_ERROR:
		error = errno;
		lua_pushnil(L);
		lua_pushliteral(L, "error");
		lua_pushstring(L, strerror(error));
		lua_pushinteger(L, error);
		return 4;
	default:
		lua_pushnil(L);
		lua_pushliteral(L, "end");
		return 2;
	}
}

/* reader:fd(): what to watch after "wait". */
static int
l_block_fd(lua_State *L)
{
	struct l_blocks *h = luaL_checkudata(L, 1, BLOCKS);

	lua_pushinteger(L, h->reader.fd);
	return 1;
}

/* reader:close(). Also its __gc and __close. */
static int
l_block_close(lua_State *L)
{
	struct l_blocks *h = luaL_checkudata(L, 1, BLOCKS);

	block_close(&h->reader);
	fd_close(&h->own);
	return 0;
}

static const luaL_Reg methods[] = {
	{ "next", l_block_next },
	{ "fd", l_block_fd },
	{ "close", l_block_close },
	{ "__gc", l_block_close },
	{ "__close", l_block_close },
	{ NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "open", l_block_open },
	{ NULL, NULL }
};

int
luaopen_prun_core_block(lua_State *L)
{
	l_class(L, BLOCKS, methods);
	luaL_newlib(L, functions);
	return 1;
}
