/* Cutting an input into records, read only as far as somebody asks. */
#ifndef PRUN_RECORD_H
#define PRUN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum record_result {
	RECORD_GOT,
	RECORD_WAIT,		/* nothing to read now: watch fd */
	RECORD_END,
	RECORD_ERROR,		/* errno says which */
	RECORD_LONG,		/* longer than max; its head is shown */
};

/*
 * The separator ends a record; a last one without it counts, an empty one
 * behind the last separator does not. The descriptor's flags are not touched:
 * a read is made only when it will not block.
 */
struct record_reader {
	int fd;
	const char *separator;	/* the caller keeps it */
	size_t separator_len;	/* >= 1 */
	size_t max;		/* bytes a record may have, 0: any number */
	struct buf buf;
	size_t scanned;		/* of buf, known to hold no separator */
	size_t skipped;		/* bytes of a too long record dropped so far */
	uint64_t count;		/* records given */
	bool end;
};

struct record {
	const char *bytes;	/* good until the next call */
	size_t len;
	size_t whole;		/* with RECORD_LONG: its real length */
};

void record_open(struct record_reader *, int fd, const char *separator,
    size_t separator_len, size_t max);

enum record_result record_next(struct record_reader *, struct record *);

/* Frees the buffer; the descriptor is the caller's. */
void record_close(struct record_reader *);

#endif
