/* job: done is reaped and complete; timeouts, inputs, strays, reuse. */
#include <dirent.h>
#include <string.h>

#include "job.h"
#include "tree.h"
#include "unit.h"

extern char **environ;

static struct job_set set;
static struct loop *loop;
static struct job job;
static int done, timed_out;

static void
on_done(struct job *j)
{
	(void)j;
	done++;
}

static void
on_timeout(struct job *j)
{
	timed_out++;
	job_signal(&j, 1, SIGKILL);
}

static void
open_all(void)
{
	tree_adopt();
	loop = unit_loop();
	job_set_open(&set, loop);
	job_init(&job, &set);
	job.on_done = on_done;
	job.on_timeout = on_timeout;
}

static int
start(const char *text, struct job_spec spec)
{
	char *argv[] = { (char *)(size_t)"sh", (char *)(size_t)"-c",
	    (char *)(size_t)text, NULL };
	enum spawn_step step;

	spec.spawn.path = "/bin/sh";
	spec.spawn.argv = argv;
	spec.spawn.envp = environ;
	spec.streams[1].how = spec.streams[2].how = JOB_KEEP;
	return job_start(&job, &spec, &step);
}

static void
run(const char *text, struct job_spec spec)
{
	done = 0;
	ck_assert_int_eq(start(text, spec), 0);
	while (done == 0)
		loop_turn(loop, -1);
}

static void
holds(int stream, const char *expected)
{
	char got[100] = "";

	spool_read(&job.out[stream].spool, got, sizeof got - 1, 0);
	ck_assert_str_eq(got, expected);
}

TEST(both_streams_and_reuse)
{
	open_all();
	run("echo out; echo err >&2; exit 3", (struct job_spec){ 0 });
	ck_assert_int_eq(job.child.end.code, 3);
	holds(0, "out\n");
	holds(1, "err\n");
	job_drop(&job);
	run("head -c 300000 /dev/zero", (struct job_spec){ 0 });
	ck_assert_uint_eq(job.out[0].bytes, 300000);
	ck_assert_uint_eq(spool_len(&job.out[0].spool), 300000);
	job_free(&job);
}
END(both_streams_and_reuse)

TEST(timeout_kills)
{
	open_all();
	run("echo begun; setsid sleep 100 & sleep 100",
	    (struct job_spec){ .timeout = 200000000 });
	ck_assert_int_eq(timed_out, 1);
	ck_assert_int_eq(job.child.end.signal, SIGKILL);
	holds(0, "begun\n");
	job_free(&job);
}
END(timeout_kills)

TEST(input_bytes)
{
	static char bytes[300000];

	open_all();
	memset(bytes, 'i', sizeof bytes);
	job.input = bytes;
	job.input_len = sizeof bytes;
	run("wc -c", (struct job_spec){ .streams = { { .how = JOB_KEEP } } });
	holds(0, "300000\n");
	job_free(&job);
}
END(input_bytes)

TEST(grandchild_holds_output)
{
	int64_t begin = loop_clock();

	open_all();
	run("(echo later; exec sleep 100) & echo now", (struct job_spec){ 0 });
	ck_assert_int_lt(loop_clock() - begin, 3000000000);
	ck_assert_uint_eq(spool_len(&job.out[0].spool), 10);
	job_free(&job);
	tree_end(100000000);
}
END(grandchild_holds_output)

TEST(missing_program)
{
	struct job_spec spec = { .spawn = { .path = "/nonexistent" } };
	char *argv[] = { (char *)(size_t)"x", NULL };
	enum spawn_step step;

	if (unit_on_valgrind())
		return;
	open_all();
	spec.spawn.argv = argv;
	spec.spawn.envp = environ;
	spec.streams[1].how = JOB_KEEP;
	ck_assert_int_eq(job_start(&job, &spec, &step), -1);
	ck_assert_int_eq(step, SPAWN_EXEC);
	ck_assert_int_eq(job.out[0].fd, -1);
	ck_assert(!job.running);
}
END(missing_program)

static int
descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		closedir(dir);
	return n;
}

TEST(descriptors_stay_flat)
{
	int i, before;

	open_all();
	run("exit 0", (struct job_spec){ 0 });
	before = descriptors();
	for (i = 0; i < 200; i++)
		run("echo x", (struct job_spec){ 0 });
	ck_assert_int_eq(descriptors(), before);
	job_free(&job);
}
END(descriptors_stay_flat)

UNIT("job", both_streams_and_reuse, timeout_kills, input_bytes,
    grandchild_holds_output, missing_program, descriptors_stay_flat)
