/* spool: the same bytes come out, in memory and past the bound on disk. */
#include <stdio.h>
#include <string.h>

#include "spool.h"
#include "unit.h"

/* Append n numbers, take them out in odd pieces, compare. */
static void
round_trip(size_t n, int on_disk)
{
	char line[32], room[100], all[200000];
	struct spool s;
	const char *p;
	size_t i, len = 0, at = 0;
	ssize_t got;

	spool_init(&s);
	for (i = 0; i < n; i++) {
		int k = snprintf(line, sizeof line, "line %zu\n", i);

		memcpy(all + len, line, (size_t)k);
		len += (size_t)k;
		ck_assert_int_eq(spool_append(&s, line, (size_t)k), 0);
	}
	ck_assert_int_eq(s.file != -1, on_disk);
	ck_assert_uint_eq(spool_len(&s), len);
	ck_assert_int_eq(spool_read(&s, room, 10, 5), 10);
	ck_assert_mem_eq(room, all + 5, 10);
	while ((got = spool_peek(&s, room, sizeof room, &p)) > 0) {
		ck_assert_mem_eq(p, all + at, (size_t)got);
		spool_consume(&s, got > 7 ? 7 : (size_t)got);
		at += got > 7 ? 7 : (size_t)got;
	}
	ck_assert_uint_eq(at, len);
	ck_assert_int_eq(s.file, -1);
	spool_free(&s);
}

TEST(in_memory)
{
	spool_configure("/tmp", 1 << 20, 1 << 20);
	round_trip(100, 0);
}
END(in_memory)

TEST(on_disk)
{
	spool_configure("/tmp", 1000, 1 << 20);
	round_trip(5000, 1);
}
END(on_disk)

TEST(no_room_at_all)
{
	struct spool s;

	spool_configure("/nonexistent", 4, 1 << 20);
	spool_init(&s);
	ck_assert_int_eq(spool_append(&s, "abc", 3), 0);
	ck_assert_int_eq(spool_append(&s, "defgh", 5), -1);
	ck_assert_uint_eq(spool_len(&s), 3);
	spool_free(&s);
}
END(no_room_at_all)

UNIT("spool", in_memory, on_disk, no_room_at_all)
