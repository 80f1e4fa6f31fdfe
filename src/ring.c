/* ring.c owns the mappings of a ring. */
#include "config.h"

#include "ring.h"

#include <errno.h>

int
ring_open(struct ring *r, struct board_slot *slot, int fd)
{
	if ((r->base = area_mirror(fd, RING_SIZE)) == NULL)
		return -1;
	r->slot = slot;
	r->overflow = (struct area){ .fd = fd, .offset = RING_SIZE };
	return 0;
}

void
ring_close(struct ring *r)
{
	int saved = errno;

	area_unmirror(r->base, RING_SIZE);
	r->base = NULL;
	area_unmap(&r->overflow);
	errno = saved;
}
