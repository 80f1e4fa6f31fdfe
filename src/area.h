/* Shared memory that may grow: one file, mapped by several processes. */
#ifndef PRUN_AREA_H
#define PRUN_AREA_H

#include <stddef.h>

/*
 * A mapping of a part of a shared memory file. base moves when the area
 * reaches further, so keep offsets. The file has no name and is gone with the
 * last process that has it open or mapped.
 */
struct area {
	int fd;			/* not owned; with it alone set: nothing mapped yet */
	size_t offset;		/* of the mapping in the file; whole pages */
	size_t size;		/* bytes mapped */
	char *base;
};

/* A new, empty shared memory file, close-on-exec. -1 with errno. */
int area_file(void);

/*
 * Map size bytes of the file from offset on; a shorter file is made longer,
 * with zeros. 0, or -1 with errno and nothing mapped.
 */
int area_map(struct area *, int fd, size_t offset, size_t size);

/* Map at least size bytes, which may move base. 0, or -1 with errno. */
int area_reach(struct area *, size_t size);

/*
 * Give the memory of whole pages among these bytes back to the system, where
 * it can be given back; they read as zeros or as before.
 */
void area_discard(struct area *, size_t from, size_t len);

void area_unmap(struct area *);

/*
 * Map the first size bytes (whole pages) of the file twice in a row, so that
 * what wraps around the end of a ring lies in one piece. NULL with errno.
 */
char *area_mirror(int fd, size_t size);
void area_unmirror(char *, size_t size);

#endif
