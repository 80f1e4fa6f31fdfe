/* Cutting an input into blocks of whole records. */
#ifndef PRUN_BLOCK_H
#define PRUN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "record.h"

/*
 * A block has about size bytes and ends where a record does: behind an `end`
 * with a `start` after it (either may be empty, not both). With records it
 * holds so many, whatever their size. What is behind the last boundary at the
 * end of the input is the last block. With after, a block is rather more than
 * size. Reads only when that will not block.
 */
struct block_reader {
	int fd;
	size_t size;		/* bytes a block has, about */
	size_t records;		/* a block holds; 0: as many as fit */
	size_t unit;		/* of which a multiple fits; 0: any number */
	size_t end_len;		/* of separator: the end of a record */
	const char *separator;	/* an end and a start; the caller keeps it */
	size_t separator_len;	/* >= 1 */
	struct buf buf;
	size_t want;		/* bytes to have before it is cut */
	size_t given;		/* bytes of buf that were given out */
	size_t scanned, found;	/* of buf; boundaries there */
	bool after;		/* cut at the first boundary behind size bytes */
	bool end;
};

void block_open(struct block_reader *, int fd, size_t size);

/* RECORD_GOT with the block, RECORD_WAIT, RECORD_END or RECORD_ERROR. */
enum record_result block_next(struct block_reader *, struct record *);

/* Frees the buffer; the descriptor is the caller's. */
void block_close(struct block_reader *);

#endif
