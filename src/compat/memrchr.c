/* memrchr for systems without it: the last c in n bytes, or NULL. */
#include "config.h"

void *
memrchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	while (n-- > 0)
		if (p[n] == (unsigned char)c)
			return (unsigned char *)(void *)(size_t)(p + n);
	return NULL;
}
