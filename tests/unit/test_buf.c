/* buf: bytes come back as they went in, whatever was consumed in between. */
#include <string.h>

#include "buf.h"
#include "unit.h"

TEST(append_and_consume)
{
	struct buf b = { 0 };
	char expect[3000];
	size_t i, from = 0, to = 0;

	for (i = 0; i < sizeof expect; i++)
		expect[i] = (char)(i * 7);
	while (to < sizeof expect) {
		ck_assert_int_eq(buf_append(&b, expect + to, 30), 0);
		to += 30;
		buf_consume(&b, 11);
		from += 11;
		ck_assert_uint_eq(b.len, to - from);
		ck_assert_mem_eq(buf_bytes(&b), expect + from, b.len);
	}
	buf_free(&b);
	ck_assert_uint_eq(b.len, 0);
}
END(append_and_consume)

TEST(reserve_then_added)
{
	struct buf b = { 0 };
	char *p = buf_reserve(&b, 5);

	ck_assert_ptr_nonnull(p);
	memcpy(p, "hello", 5);
	ck_assert_uint_eq(b.len, 0);
	buf_added(&b, 5);
	ck_assert_mem_eq(buf_bytes(&b), "hello", 5);
	ck_assert_ptr_null(buf_reserve(&b, (size_t)-1 / 2 + 1));
	ck_assert_uint_eq(b.len, 5);
	buf_free(&b);
}
END(reserve_then_added)

TEST(reset_keeps_or_frees)
{
	struct buf b = { 0 };

	buf_append(&b, "x", 1);
	buf_reset(&b, 1 << 20);
	ck_assert_uint_eq(b.len, 0);
	ck_assert_ptr_nonnull(b.base);
	buf_reset(&b, 0);
	ck_assert_ptr_null(b.base);
}
END(reset_keeps_or_frees)

UNIT("buf", append_and_consume, reserve_then_added, reset_keeps_or_frees)
