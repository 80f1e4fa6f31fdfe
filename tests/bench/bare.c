/*
 * bare N J PROGRAM: start PROGRAM N times, J at a time, by posix_spawn and
 * wait, and nothing else: what any runner of jobs has to do at least.
 *
 * Each start has one argument, its number, as with xargs -n1 and prun.
 * coreutils' true without one would be no comparison: only with an argument
 * does it look whether that is --help, and sets up its locale for it.
 */
#include <sys/wait.h>

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>

extern char **environ;

static void
start(char *program, long number)
{
	char text[24];
	char *argv[] = { program, text, NULL };
	pid_t pid;

	snprintf(text, sizeof text, "%ld", number);
	if (posix_spawn(&pid, program, NULL, NULL, argv, environ) != 0) {
		perror(program);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	long n, jobs, running = 0, failed = 0;
	int status;

	if (argc != 4) {
		fprintf(stderr, "usage: bare N J PROGRAM\n");
		return 2;
	}
	n = strtol(argv[1], NULL, 10);
	jobs = strtol(argv[2], NULL, 10);
	while (n > 0 || running > 0) {
		if (n > 0 && running < jobs) {
			start(argv[3], n--);
			running++;
		} else if (wait(&status) != -1) {
			failed += status != 0;
			running--;
		}
	}
	return failed != 0;
}
