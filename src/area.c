/* area.c owns shared memory files and their mappings. */
#include "config.h"

#include "area.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fd.h"

int
area_file(void)
{
#ifdef HAVE_MEMFD_CREATE
	int fd = memfd_create("prun", MFD_CLOEXEC);

	if (fd != -1 || errno != ENOSYS)
		return fd;
#endif
	return fd_temporary("/dev/shm");
}

/* The file has size bytes at least. */
static int
area_lengthen(int fd, size_t size)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -1;
	if ((size_t)st.st_size >= size)
		return 0;
	return ftruncate(fd, (off_t)size);
}

static void *
area_mmap(int fd, size_t offset, size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    (off_t)offset);
}

int
area_map(struct area *a, int fd, size_t offset, size_t size)
{
	void *p;

	if (area_lengthen(fd, offset + size) == -1 ||
	    (p = area_mmap(fd, offset, size)) == MAP_FAILED)
		return -1;
	a->fd = fd;
	a->offset = offset;
	a->size = size;
	a->base = p;
	return 0;
}

static int
area_remap(struct area *a, size_t size)
{
	if (a->base == NULL)
		return area_map(a, a->fd, a->offset, size);
#ifdef MREMAP_MAYMOVE
	void *p = MAP_FAILED;

	if (area_lengthen(a->fd, a->offset + size) == 0)
		p = mremap(a->base, a->size, size, MREMAP_MAYMOVE);
	if (p == MAP_FAILED)
		return -1;
	a->base = p;
	a->size = size;
#else
	struct area old = *a;

	if (area_map(a, old.fd, old.offset, size) == -1)
		return -1;
	area_unmap(&old);
#endif
	return 0;
}

int
area_reach(struct area *a, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (size <= a->size)
		return 0;
	/* Half as much again, so that what grows is not moved often. */
	size += size / 2;
	return area_remap(a, (size + page - 1) / page * page);
}

void
area_discard(struct area *a, size_t from, size_t len)
{
#ifdef FALLOC_FL_PUNCH_HOLE
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t first = (from + page - 1) / page * page;
	size_t end = (from + len) / page * page;
	int saved = errno;

	if (first < end)
		fallocate(a->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		    (off_t)(a->offset + first), (off_t)(end - first));
	errno = saved;
#else
	(void)a;
	(void)from;
	(void)len;
#endif
}

void
area_unmap(struct area *a)
{
	if (a->base != NULL)
		munmap(a->base, a->size);
	a->base = NULL;
	a->size = 0;
}

char *
area_mirror(int fd, size_t size)
{
	char *p;
	int i;

	if (area_lengthen(fd, size) == -1)
		return NULL;
	/* A place for both, then each over its half of it. */
	p = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	for (i = 0; i < 2; i++)
		if (mmap(p + (size_t)i * size, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
			munmap(p, 2 * size);
			return NULL;
		}
	return p;
}

void
area_unmirror(char *p, size_t size)
{
	if (p != NULL)
		munmap(p, 2 * size);
}
