/* loop: over both back ends, timers in order, events, and stopped watches. */
#include "config.h"

#include "fd.h"
#include "loop.h"
#include "unit.h"

static const struct loop_backend *const backends[] = {
	&loop_poll,
#ifdef HAVE_SYS_EPOLL_H
	&loop_epoll,
#endif
};

enum { BACKENDS = sizeof backends / sizeof *backends };

static int fired[3], fired_len;

struct numbered {
	struct loop_timer timer;
	int number;
};

static void
fire(struct loop_timer *t)
{
	fired[fired_len++] = ((struct numbered *)(void *)t)->number;
}

TEST(timers_in_order)
{
	struct numbered t[3] = { { { .fn = fire }, 0 }, { { .fn = fire }, 1 },
	    { { .fn = fire }, 2 } };
	struct loop *loop = loop_new(backends[_i]);
	int64_t now = loop_clock();

	loop_timer(loop, &t[0].timer, now + 3000000);
	loop_timer(loop, &t[1].timer, now + 1000000);
	loop_timer(loop, &t[2].timer, now + 2000000);
	loop_untimer(loop, &t[2].timer);
	while (fired_len < 2)
		ck_assert_int_eq(loop_turn(loop, -1), 0);
	ck_assert_int_eq(fired[0], 1);
	ck_assert_int_eq(fired[1], 0);
	ck_assert_int_ge(loop_clock() - now, 3000000);
	loop_free(loop);
}
END_TEST

static struct loop *shared;
static struct loop_watch first, second;
static int called;

/* Both are ready; whichever is first stops the other. */
static void
stop_other(struct loop_watch *w, unsigned events)
{
	ck_assert(events & LOOP_READ);
	called++;
	loop_unwatch(shared, w == &first ? &second : &first);
}

START_TEST(stopped_is_not_called)
{
	int a[2], b[2];

	shared = loop_new(backends[_i]);
	fd_pipe(a);
	fd_pipe(b);
	first.fn = second.fn = stop_other;
	ck_assert_int_eq(loop_watch(shared, &first, a[0], LOOP_READ), 0);
	ck_assert_int_eq(loop_watch(shared, &second, b[0], LOOP_READ), 0);
	ck_assert_int_eq(loop_turn(shared, 0), 0);
	ck_assert_int_eq(called, 0);
	fd_write_all(a[1], "x", 1);
	fd_write_all(b[1], "x", 1);
	ck_assert_int_eq(loop_turn(shared, -1), 0);
	ck_assert_int_eq(called, 1);
	loop_free(shared);
}
END_TEST

static unsigned seen;

static void
see(struct loop_watch *w, unsigned events)
{
	(void)w;
	seen = events;
}

START_TEST(events)
{
	struct loop_watch w = { .fn = see };
	struct loop *loop = loop_new(backends[_i]);
	int p[2];

	fd_pipe(p);
	ck_assert_int_eq(loop_watch(loop, &w, p[1], LOOP_WRITE), 0);
	loop_turn(loop, -1);
	ck_assert_uint_eq(seen & LOOP_WRITE, LOOP_WRITE);
	loop_unwatch(loop, &w);
	ck_assert_int_eq(loop_watch(loop, &w, p[0], LOOP_READ), 0);
	fd_close(&p[1]);
	loop_turn(loop, -1);
	ck_assert_uint_eq(seen & LOOP_HANGUP, LOOP_HANGUP);
	loop_unwatch(loop, &w);
	loop_free(loop);
}
END_TEST

static void
add_all(TCase *t)
{
	tcase_add_loop_test(t, timers_in_order_body, 0, BACKENDS);
	tcase_add_loop_test(t, stopped_is_not_called, 0, BACKENDS);
	tcase_add_loop_test(t, events, 0, BACKENDS);
}

UNIT("loop", add_all)
