/*
 * fuzz_marshal: whatever the bytes, marshal reads them as plain data or refuses
 * them; what it reads it writes and reads again; skipping agrees with reading.
 * A libFuzzer target; with FUZZ_STANDALONE a program that runs files.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marshal.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { FUZZ_MEMORY = 64 << 20 };

static size_t used;

/* Lua's memory is bounded: what asks for more gets none. */
static void *
fuzz_alloc(void *ud, void *p, size_t old, size_t new)
{
	(void)ud;
	if (p == NULL)
		old = 0;
	if (new > old && used + (new - old) > FUZZ_MEMORY)
		return NULL;
	used = used - old + new;
	if (new == 0) {
		free(p);
		return NULL;
	}
	return realloc(p, new);
}

static int
fuzz_grow(struct marshal_out *out, size_t need)
{
	size_t have = (size_t)(out->p - out->base);
	size_t size = (have + need) * 2;
	char *bytes = realloc(out->base, size);

	if (bytes == NULL)
		return -1;
	*out = (struct marshal_out){ bytes, bytes + have, bytes + size,
	    fuzz_grow };
	return 0;
}

static struct marshal_out out;

static int
fuzz_body(lua_State *L)
{
	const char *p = lua_touserdata(L, 1), *q = p, *end;

	end = p + lua_tointeger(L, 2);
	if (marshal_decode(L, &p, end, MARSHAL_PLAIN) == -1)
		return 0;
	if (marshal_skip(&q, end) == -1 || q != p)
		abort();
	if (marshal_encode(L, -1, &out, MARSHAL_PLAIN) == -1)
		return 0;
	p = out.base;
	if (marshal_decode(L, &p, out.p, MARSHAL_PLAIN) == -1 || p != out.p)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	lua_State *L;

	used = 0;
	out = (struct marshal_out){ NULL, NULL, NULL, fuzz_grow };
	if ((L = lua_newstate(fuzz_alloc, NULL)) == NULL)
		abort();
	luaL_openlibs(L);
	lua_pushcfunction(L, fuzz_body);
	lua_pushlightuserdata(L, (void *)(uintptr_t)bytes);
	lua_pushinteger(L, (lua_Integer)n);
	lua_pcall(L, 2, 0, 0);
	lua_close(L);
	free(out.base);
	return 0;
}

#ifdef FUZZ_STANDALONE
int
main(int argc, char **argv)
{
	static uint8_t bytes[1 << 20];
	FILE *f;
	int i;

	for (i = 1; i < argc; i++) {
		if ((f = fopen(argv[i], "rb")) == NULL) {
			perror(argv[i]);
			return 1;
		}
		LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, f));
		fclose(f);
	}
	printf("%d inputs\n", argc - 1);
	return 0;
}
#endif
