/* chan, place: messages stay apart, descriptors come along; a place is a word. */
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "chan.h"
#include "fd.h"
#include "place.h"
#include "unit.h"

TEST(messages)
{
	int ends[2], pipes[2], fds[CHAN_FDS];
	size_t n = CHAN_FDS;
	char text[32];

	ck_assert_int_eq(chan_pair(ends), 0);
	ck_assert_int_eq(fd_pipe(pipes), 0);
	ck_assert_int_eq(chan_send(ends[0], "one", 3, pipes, 2), 0);
	ck_assert_int_eq(chan_send(ends[0], "three", 5, NULL, 0), 0);
	ck_assert_int_eq(chan_receive(ends[1], text, sizeof text, fds, &n), 3);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_ne(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	ck_assert_int_eq(read(pipes[0], text, 1), 1);
	ck_assert_int_eq(chan_receive(ends[1], text, 3, NULL, NULL), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	fd_close(&ends[0]);
	ck_assert_int_eq(chan_receive(ends[1], text, sizeof text, NULL, NULL),
	    0);
}
END(messages)

TEST(places)
{
	struct place p = { 5, 6, 70, 3 }, q;
	char text[PLACE_TEXT];

	place_text(&p, text);
	ck_assert_int_eq(place_parse(&q, text), 0);
	ck_assert_mem_eq(&p, &q, sizeof p);
	ck_assert_int_eq(place_parse(&q, "5,6"), -1);
}
END(places)

UNIT("chan", messages, places)
