/* What each unit test program shares: its main, and output in TAP. */
#ifndef PRUN_UNIT_H
#define PRUN_UNIT_H

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "loop.h"
#include "sig.h"

#define UNIT(name, ...)							\
int									\
main(void)								\
{									\
	static void (*const cases[])(TCase *) = { __VA_ARGS__ };	\
	Suite *s = suite_create(name);					\
	TCase *t = tcase_create(name);					\
	SRunner *r;							\
	size_t i;							\
									\
	for (i = 0; i < sizeof cases / sizeof *cases; i++)		\
		cases[i](t);						\
	tcase_set_timeout(t, 20);					\
	suite_add_tcase(s, t);						\
	r = srunner_create(s);						\
	srunner_set_tap(r, "-");					\
	srunner_run_all(r, CK_SILENT);					\
	srunner_free(r);						\
	return 0;							\
}

/* A test and the function that adds it. */
#define TEST(test)							\
START_TEST(test##_body)
#define END(test)							\
END_TEST								\
static void								\
test(TCase *t)								\
{									\
	tcase_add_test(t, test##_body);					\
}

/*
 * Whether valgrind runs us: it makes a fork of each vfork, so that the parent
 * cannot learn what the child failed in.
 */
static inline int
unit_on_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

/* The signals of a program, and a loop that reaps its children. */
static inline struct loop *
unit_loop(void)
{
	static const int watched[] = { SIGCHLD, SIGUSR1 };
	struct loop *loop;

	sig_init(watched, 2);
	loop = loop_new(&loop_poll);
	ck_assert_ptr_nonnull(loop);
	ck_assert_int_eq(child_open(loop, &sig_selfpipe, NULL), 0);
	return loop;
}

#endif
