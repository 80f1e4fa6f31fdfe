/* ring: what one process writes another reads, in order, around the end. */
#include <sys/mman.h>
#include <sys/wait.h>

#include <string.h>

#include "fd.h"
#include "ring.h"
#include "unit.h"

/* Two processes that wait for each other are slow on valgrind. */
#define RECORDS (unit_on_valgrind() ? 1000u : 20000u)

static void
write_all(struct ring *r)
{
	uint32_t i, n;

	for (i = 0; i < RECORDS; i++) {
		n = 8 + i % 500;
		while (ring_room(r) < n)
			continue;
		memcpy(ring_place(r), &n, 4);
		memcpy(ring_place(r) + 4, &i, 4);
		memset(ring_place(r) + 8, (int)(i & 0xff), n - 8);
		ring_wrote(r, n);
	}
	_exit(0);
}

TEST(around)
{
	struct board_slot *slot = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct ring r;
	const char *p;
	uint32_t i, n, k;
	size_t have;
	int fd = area_file();

	ck_assert_int_eq(ring_open(&r, slot, fd), 0);
	if (fork() == 0)
		write_all(&r);
	for (i = 0; i < RECORDS; i++) {
		do
			p = ring_bytes(&r, &have);
		while (have == 0);
		memcpy(&n, p, 4);
		memcpy(&k, p + 4, 4);
		ck_assert_uint_eq(k, i);
		ck_assert_uint_eq(n, 8 + i % 500);
		ck_assert_uint_le(n, have);
		for (k = 8; k < n; k++)
			ck_assert_int_eq((unsigned char)p[k], i & 0xff);
		ring_read(&r, n);
	}
	wait(NULL);
	ring_close(&r);
	fd_close(&fd);
}
END(around)

UNIT("ring", around)
