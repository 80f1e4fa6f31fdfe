/* strchrnul for systems without it: the first c, or the end of the string. */
#include "config.h"

char *
strchrnul(const char *s, int c)
{
	while (*s != '\0' && *s != (char)c)
		s++;
	return (char *)(size_t)s;
}
