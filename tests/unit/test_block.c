/* block: however the bytes arrive, blocks hold whole records, and all bytes. */
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "fd.h"
#include "unit.h"

struct how {
	size_t size, records;
	const char *end, *start;
	size_t unit;
};

#define HOW(...) ((struct how){ __VA_ARGS__ })

/* All blocks of the text, written in two parts, joined by '|'. */
static void
cut(const char *text, size_t split, const struct how *how, char *got)
{
	struct block_reader r;
	struct record rec;
	enum record_result result;
	size_t parts[3] = { split, strlen(text) - split, 0 }, at = 0;
	char separator[20];
	int fds[2], part = 0;

	ck_assert_int_eq(fd_pipe(fds), 0);
	block_open(&r, fds[0], how->size);
	strcpy(separator, how->end);
	strcat(separator, how->start);
	r.separator = separator;
	r.separator_len = strlen(separator);
	r.end_len = strlen(how->end);
	r.records = how->records;
	r.unit = how->unit;
	*got = '\0';
	while ((result = block_next(&r, &rec)) != RECORD_END) {
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
	block_close(&r);
	fd_close(&fds[0]);
}

static void
every_split(const char *text, struct how how, const char *expected)
{
	char got[200];
	size_t i;

	for (i = 0; i <= strlen(text); i++) {
		cut(text, i, &how, got);
		ck_assert_str_eq(got, expected);
	}
}

TEST(by_size)
{
	every_split("", HOW(4, 0, "\n", "", 0), "");
	every_split("a\nb\nc\nd\n", HOW(4, 0, "\n", "", 0),
	    "a\nb\n|c\nd\n|");
	every_split("a\nb\nc\nd", HOW(5, 0, "\n", "", 0),
	    "a\nb\n|c\nd|");
	/* A record longer than a block is a block. */
	every_split("abcdefgh\nij\nk", HOW(3, 0, "\n", "", 0),
	    "abcdefgh\n|ij\n|k|");
	every_split("abcdefgh", HOW(3, 0, "\n", "", 0), "abcdefgh|");
}
END(by_size)

TEST(by_number)
{
	every_split("a\nb\nc\nd\ne", HOW(4, 2, "\n", "", 0),
	    "a\nb\n|c\nd\n|e|");
	every_split("a\nb\n", HOW(100, 1, "\n", "", 0), "a\n|b\n|");
	every_split("\n\n\n", HOW(1, 2, "\n", "", 0), "\n\n|\n|");
}
END(by_number)

TEST(by_unit)
{
	every_split("a\nb\nc\nd\ne\n", HOW(7, 0, "\n", "", 2),
	    "a\nb\n|c\nd\n|e\n|");
	every_split("a\nb\nc\nd\n", HOW(1, 0, "\n", "", 3),
	    "a\nb\nc\n|d\n|");
}
END(by_unit)

TEST(ends_and_starts)
{
	every_split(">a\nx\n>b\n>c\n", HOW(1, 1, "", ">", 0),
	    ">a\nx\n|>b\n|>c\n|");
	every_split("aENDbENDc", HOW(1, 1, "END", "", 0),
	    "aEND|bEND|c|");
	every_split("a;b;>c;>d;", HOW(1, 1, ";", ">", 0),
	    "a;b;|>c;|>d;|");
	every_split("a;b;>c;>d;", HOW(6, 0, ";", ">", 0),
	    "a;b;|>c;|>d;|");
}
END(ends_and_starts)

UNIT("block", by_size, by_number, by_unit, ends_and_starts)
