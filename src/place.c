/* place.c owns the text of a place. */
#include "config.h"

#include "place.h"

#include <stdio.h>

void
place_text(const struct place *p, char text[PLACE_TEXT])
{
	snprintf(text, PLACE_TEXT, "%d,%d,%d,%u", p->bell, p->board, p->ring,
	    p->slot);
}

int
place_parse(struct place *p, const char *text)
{
	return sscanf(text, "%d,%d,%d,%u", &p->bell, &p->board, &p->ring,
	    &p->slot) == 4 ? 0 : -1;
}
