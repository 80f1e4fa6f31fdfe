/* sink: order over both ways, prefixes, slow and lost readers. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "fd.h"
#include "sink.h"
#include "unit.h"

static struct loop *loop;

/* A sink to a pipe, both ways, and what came out of it. */
static int
open_sink(struct sink *s, int fds[2])
{
	signal(SIGPIPE, SIG_IGN);
	loop = loop_new(&loop_poll);
	ck_assert_int_eq(fd_pipe(fds), 0);
	fd_nonblock(fds[0]);
	sink_open(s, loop, fds[1], fds[1]);
	return fds[0];
}

TEST(order_and_prefix)
{
	struct sink_prefix prefix = { "t:", 2, false };
	struct sink s;
	char got[100] = "";
	int fds[2], fd = open_sink(&s, fds);

	sink_write(&s, SINK_OUT, "a\n", 2);
	sink_write(&s, SINK_ERR, "b\n", 2);
	sink_lines(&s, SINK_OUT, "x\ny", 3, &prefix);
	sink_lines(&s, SINK_OUT, "z\nw\n", 4, &prefix);
	ck_assert_int_gt(fd_read(fd, got, sizeof got - 1), 0);
	ck_assert_str_eq(got, "a\nb\nt:x\nt:yz\nt:w\n");
	sink_close(&s);
	loop_free(loop);
}
END(order_and_prefix)

TEST(slow_reader_gets_all)
{
	static char block[300000], got[400000];
	struct sink s;
	size_t i, len = 0;
	ssize_t n;
	int fds[2], fd = open_sink(&s, fds);

	for (i = 0; i < sizeof block; i++)
		block[i] = (char)(i % 251);
	spool_configure("/tmp", 50000, 1 << 20);
	ck_assert_int_eq(sink_write(&s, SINK_OUT, block, sizeof block), 0);
	ck_assert_int_eq(sink_write(&s, SINK_ERR, "end", 3), 0);
	ck_assert_uint_gt(s.queued, 0);
	while (len < sizeof block + 3) {
		if ((n = fd_read(fd, got + len, 5000)) > 0)
			len += (size_t)n;
		loop_turn(loop, 1000000);
	}
	ck_assert_uint_eq(s.queued, 0);
	ck_assert_mem_eq(got, block, sizeof block);
	ck_assert_mem_eq(got + sizeof block, "end", 3);
	sink_close(&s);
	loop_free(loop);
}
END(slow_reader_gets_all)

TEST(reader_gone)
{
	struct sink s;
	int fds[2], fd = open_sink(&s, fds);

	fd_close(&fd);
	ck_assert_int_eq(sink_write(&s, SINK_OUT, "a", 1), -1);
	ck_assert_int_eq(s.ends[SINK_OUT].error, EPIPE);
	sink_close(&s);
	loop_free(loop);
}
END(reader_gone)

TEST(full_disk)
{
	struct sink s;
	int fd = open("/dev/full", O_WRONLY);

	loop = loop_new(&loop_poll);
	sink_open(&s, loop, fd, fd);
	ck_assert_int_eq(sink_write(&s, SINK_OUT, "a", 1), -1);
	ck_assert_int_eq(s.ends[SINK_OUT].error, ENOSPC);
	sink_close(&s);
	loop_free(loop);
}
END(full_disk)

UNIT("sink", order_and_prefix, slow_reader_gets_all, reader_gone, full_disk)
