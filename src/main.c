/* main.c owns the first steps: standard descriptors, signals, the keeper. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "fd.h"
#include "forkserver.h"
#include "host.h"
#include "keeper.h"
#include "sig.h"
#include "worker.h"

static const int watched[] = {
	SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGTSTP, SIGCONT
};

int
main(int argc, char **argv)
{
	if (fd_fill_standard() == -1) {
		fprintf(stderr, "prun: /dev/null: %s\n", strerror(errno));
		return 255;
	}
	if (argc == 3 && strcmp(argv[1], "--worker") == 0)
		return worker_run_spawned(argv[2]);
	if (argc == 3 && strcmp(argv[1], "--forkserver") == 0)
		return forkserver_run(argv[2]);
	sig_init(watched, sizeof watched / sizeof *watched);
	keeper_start();
	return host_run(argc, argv);
}
