/* The place of a worker: what it is given by whoever starts it. */
#ifndef PRUN_PLACE_H
#define PRUN_PLACE_H

/*
 * Descriptors. The doorbell is a socket: the master writes a byte to wake the
 * worker, the worker one to wake the master, and its end is the end of the
 * other side. pass order: bell, board, ring.
 */
struct place {
	int bell, board, ring;
	unsigned slot;
};

enum { PLACE_TEXT = 64 };

/* As a command line's word, and back: 0, or -1 when it is none. */
void place_text(const struct place *, char text[PLACE_TEXT]);
int place_parse(struct place *, const char *text);

#endif
