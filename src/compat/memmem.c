/* memmem for systems without it: where needle first stands, or NULL. */
#include "config.h"

#include <string.h>

void *
memmem(const void *haystack, size_t n, const void *needle, size_t len)
{
	const char *p = haystack, *found;

	if (len == 0)
		return (void *)(size_t)p;
	while (n >= len) {
		found = memchr(p, *(const char *)needle, n - len + 1);
		if (found == NULL)
			return NULL;
		if (memcmp(found, needle, len) == 0)
			return (void *)(size_t)found;
		n -= (size_t)(found - p) + 1;
		p = found + 1;
	}
	return NULL;
}
