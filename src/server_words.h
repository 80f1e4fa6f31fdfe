/* What the master and the fork server say to each other. */
#ifndef PRUN_SERVER_WORDS_H
#define PRUN_SERVER_WORDS_H

#include <sys/types.h>

/*
 * Messages on a chan. The master begins with one message of bytes for prun.mp.preload; then each SERVER_FORK
 * comes with the descriptors of a place.
 */
enum server_word {
	SERVER_READY,		/* number: none; or SERVER_FAILED and text */
	SERVER_FAILED,
	SERVER_FORK,		/* number: the slot */
	SERVER_FORKED,		/* pid, or -1 and number: errno */
	SERVER_ENDED		/* pid, number: exit code, signal */
};

struct server_message {
	int word;
	int number, signal;
	pid_t pid;
	char text[240];
};

enum { SERVER_BOOT = 1 << 16 };		/* bytes of the first message, at most */

#endif
