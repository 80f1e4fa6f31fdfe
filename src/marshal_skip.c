/* marshal_skip.c owns finding the end of a message. */
#include "config.h"

#include "marshal_impl.h"

#include <string.h>

int
object_header(const char **p, const char *end, const char **stop, int *refs)
{
	uint64_t n;

	if ((size_t)(end - *p) < sizeof n + 1)
		return -1;
	memcpy(&n, *p, sizeof n);
	*refs = (*p)[sizeof n] & OBJECT_REFS;
	*p += sizeof n + 1;
	if (n > (uint64_t)(end - *p))
		return -1;
	*stop = *p + n;
	return 0;
}

int
marshal_skip(const char **p, const char *end)
{
	static const unsigned char sizes[] = { [TAG_INT8 - TAG_NIL] = 1,
	    [TAG_INT16 - TAG_NIL] = 2, [TAG_INT32 - TAG_NIL] = 4,
	    [TAG_INT64 - TAG_NIL] = 8, [TAG_FLOAT - TAG_NIL] = 8,
	    [TAG_LONG_STRING - TAG_NIL] = 0 };
	uint64_t n = 0;
	int tag, refs;

	if (*p == end)
		return -1;
	tag = (unsigned char)*(*p)++;
	if (tag == TAG_OBJECT)
		return object_header(p, end, p, &refs);
	if (tag == TAG_LONG_STRING) {
		if ((size_t)(end - *p) < sizeof n)
			return -1;
		memcpy(&n, *p, sizeof n);
		*p += sizeof n;
	} else if (tag >= TAG_STRING && tag < TAG_NIL)
		n = (uint64_t)tag - TAG_STRING;
	else if (tag >= TAG_NIL)
		n = (size_t)tag - TAG_NIL < sizeof sizes ?
		    sizes[tag - TAG_NIL] : UINT64_MAX;
	if (n > (uint64_t)(end - *p))
		return -1;
	*p += n;
	return 0;
}
