/* heap: whatever was inserted and removed, the rest comes out in order. */
#include <stdlib.h>

#include "heap.h"
#include "unit.h"

enum { MANY = 2000 };

TEST(random_order)
{
	static struct heap_node nodes[MANY];
	struct heap h = { 0 };
	struct heap_node *n;
	int64_t last = -1;
	size_t i, left = 0;

	srandom(7);
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(heap_insert(&h, &nodes[i], random() % 500), 0);
	for (i = 0; i < MANY; i += 3)
		heap_remove(&h, &nodes[i]);
	heap_remove(&h, &nodes[0]);
	ck_assert(!heap_has(&nodes[0]));
	while ((n = heap_top(&h)) != NULL) {
		ck_assert(heap_has(n));
		ck_assert_int_ge(n->key, last);
		ck_assert_uint_ne((size_t)(n - nodes) % 3, 0);
		last = n->key;
		heap_remove(&h, n);
		left++;
	}
	ck_assert_uint_eq(left, MANY - (MANY + 2) / 3);
	heap_free(&h);
}
END(random_order)

UNIT("heap", random_order)
