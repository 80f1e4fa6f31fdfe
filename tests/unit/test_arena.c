/* area, arena: shared memory grows, blocks are given out once and again. */
#include <sys/wait.h>

#include <string.h>

#include "arena.h"
#include "area.h"
#include "fd.h"
#include "unit.h"

TEST(two_see_the_same)
{
	int fd = area_file(), status;
	struct area a, b;

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(area_map(&a, fd, 0, 65536), 0);
	ck_assert_int_eq(area_map(&b, fd, 0, 65536), 0);
	strcpy(a.base + 100, "hello");
	ck_assert_str_eq(b.base + 100, "hello");
	ck_assert_int_eq(area_reach(&a, 1 << 20), 0);
	ck_assert_uint_ge(a.size, 1 << 20);
	strcpy(a.base + (1 << 20) - 10, "far");
	if (fork() == 0)
		_exit(area_reach(&b, 1 << 20) != 0 ||
		    strcmp(b.base + (1 << 20) - 10, "far") != 0);
	wait(&status);
	ck_assert_int_eq(status, 0);
	area_discard(&a, 0, 65536);
	area_unmap(&a);
	area_unmap(&b);
	fd_close(&fd);
}
END(two_see_the_same)

TEST(mirror)
{
	int fd = area_file();
	char *p = area_mirror(fd, 65536);

	ck_assert_ptr_nonnull(p);
	memcpy(p + 65530, "abcdefghijkl", 12);
	ck_assert_mem_eq(p, "ghijkl", 6);
	area_unmirror(p, 65536);
	fd_close(&fd);
}
END(mirror)

TEST(blocks)
{
	struct arena a = { 0 };
	struct arena_block *b[50], *again;
	int fd = area_file(), i, j;

	ck_assert_int_eq(arena_open(&a, fd, 0), 0);
	for (i = 0; i < 50; i++) {
		b[i] = arena_take(&a, (size_t)i * i * 40 + 1);
		ck_assert_ptr_nonnull(b[i]);
		memset(arena_bytes(&a, b[i]), i, b[i]->len);
	}
	for (i = 0; i < 50; i++)
		for (j = 0; j < (int)b[i]->len; j += 97)
			ck_assert_int_eq(arena_bytes(&a, b[i])[j], i);
	again = b[3];
	b[3]->users++;
	arena_drop(&a, b[3]);
	ck_assert_ptr_ne(arena_take(&a, b[3]->len), again);
	arena_drop(&a, b[3]);
	ck_assert_ptr_eq(arena_take(&a, 300), again);
	ck_assert_ptr_null(arena_take(&a, (size_t)-1));
	arena_drop(&a, NULL);
	arena_close(&a);
	fd_close(&fd);
}
END(blocks)

UNIT("arena", two_see_the_same, mirror, blocks)
