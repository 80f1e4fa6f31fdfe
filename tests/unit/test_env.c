/* env: the caller's lines, changes to them, and the job's own. */
#include <string.h>

#include "env.h"
#include "unit.h"

static int
has(char *const *vars, const char *line)
{
	for (; *vars != NULL; vars++)
		if (strcmp(*vars, line) == 0)
			return 1;
	return 0;
}

TEST(lines)
{
	char *base[] = { (char *)(size_t)"A=1", (char *)(size_t)"B=2",
	    (char *)(size_t)"PRUN_SEQ=99", NULL };
	struct env_job job = { .attempt = 5, .seq = 12345678901, .slot = 2,
	    .pid = 77 };
	char mark[ENV_SLOT];
	char *const *vars;
	struct env env;

	ck_assert_int_eq(env_open(&env, base), 0);
	ck_assert_int_eq(env_set(&env, "A", NULL), 0);
	ck_assert_int_eq(env_set(&env, "B", "two"), 0);
	ck_assert_int_eq(env_set(&env, "C", "3"), 0);
	vars = env_for_job(&env, &job, mark);
	ck_assert(!has(vars, "A=1"));
	ck_assert(has(vars, "B=two"));
	ck_assert(has(vars, "C=3"));
	ck_assert(!has(vars, "PRUN_SEQ=99"));
	ck_assert(has(vars, "PRUN_SEQ=12345678901"));
	ck_assert(has(vars, "PARALLEL_JOBSLOT=2"));
	ck_assert(has(vars, mark));
	ck_assert_str_eq(mark, "PRUN_ATTEMPT=5");
	job.seq = job.slot = 0;
	vars = env_for_job(&env, &job, mark);
	ck_assert(!has(vars, "PRUN_SEQ=12345678901"));
	env_close(&env);
}
END(lines)

UNIT("env", lines)
