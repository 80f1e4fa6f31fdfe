/* record: however the bytes arrive, the records are the same. */
#include <stdlib.h>
#include <string.h>

#include "fd.h"
#include "record.h"
#include "unit.h"

/* All records of the text, written in two parts, joined by '|'. */
static void
cut(const char *text, size_t len, size_t split, const char *separator,
    char *got)
{
	struct record_reader r;
	struct record rec;
	enum record_result result;
	size_t parts[3] = { split, len - split, 0 }, at = 0;
	int fds[2], part = 0;

	ck_assert_int_eq(fd_pipe(fds), 0);
	record_open(&r, fds[0], separator, strlen(separator), 0);
	*got = '\0';
	while ((result = record_next(&r, &rec)) != RECORD_END) {
		if (result == RECORD_WAIT) {
			if (parts[part] > 0)
				fd_write_all(fds[1], text + at, parts[part]);
			at += parts[part];
			if (part++ == 1)
				fd_close(&fds[1]);
			continue;
		}
		ck_assert_int_eq(result, RECORD_GOT);
		strncat(got, rec.bytes, rec.len);
		strcat(got, "|");
	}
	record_close(&r);
	fd_close(&fds[0]);
}

static void
every_split(const char *text, const char *separator, const char *expected)
{
	char got[200];
	size_t i, len = strlen(text);

	for (i = 0; i <= len; i++) {
		cut(text, len, i, separator, got);
		ck_assert_str_eq(got, expected);
	}
}

TEST(any_chunking)
{
	every_split("a\nbc\n\nd\n", "\n", "a|bc||d|");
	every_split("a\nbc", "\n", "a|bc|");
	every_split("", "\n", "");
	every_split("\n", "\n", "|");
	every_split("aENDbENENDc", "END", "a|bEN|c|");
	every_split("ENDEND", "END", "||");
}
END(any_chunking)

TEST(too_long)
{
	static char text[500000];
	struct record_reader r;
	struct record rec;
	int fd = fd_temporary("/tmp");

	memset(text, 'x', sizeof text);
	memcpy(text, "first\n", 6);
	text[400000] = '\n';
	ck_assert_int_eq(fd_write_all(fd, text, sizeof text), 0);
	lseek(fd, 0, SEEK_SET);
	record_open(&r, fd, "\n", 1, 1000);
	ck_assert_int_eq(record_next(&r, &rec), RECORD_GOT);
	ck_assert_int_eq(record_next(&r, &rec), RECORD_LONG);
	ck_assert_uint_eq(rec.whole, 400000 - 6);
	ck_assert_uint_eq(rec.len, 256);
	ck_assert_uint_lt(r.buf.cap, 300000);
	ck_assert_int_eq(record_next(&r, &rec), RECORD_LONG);
	ck_assert_uint_eq(rec.whole, sizeof text - 400001);
	ck_assert_int_eq(record_next(&r, &rec), RECORD_END);
	record_close(&r);
	fd_close(&fd);
}
END(too_long)

UNIT("record", any_chunking, too_long)
