/* libc functions that some systems lack; included through config.h. */
#ifndef PRUN_COMPAT_H
#define PRUN_COMPAT_H

#include <stddef.h>

#ifndef HAVE_MEMRCHR
void *memrchr(const void *, int, size_t);
#endif
#ifndef HAVE_MEMMEM
void *memmem(const void *, size_t, const void *, size_t);
#endif
#ifndef HAVE_STRCHRNUL
char *strchrnul(const char *, int);
#endif

#endif
