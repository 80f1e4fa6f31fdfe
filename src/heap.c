/* heap.c owns the order of a binary heap of intrusive nodes. */
#include "heap.h"

#include <stdlib.h>

static void
heap_put(struct heap *h, size_t i, struct heap_node *n)
{
	h->nodes[i] = n;
	n->place = i + 1;
}

static void
heap_up(struct heap *h, size_t i, struct heap_node *n)
{
	for (; i > 0 && h->nodes[(i - 1) / 2]->key > n->key; i = (i - 1) / 2)
		heap_put(h, i, h->nodes[(i - 1) / 2]);
	heap_put(h, i, n);
}

static void
heap_down(struct heap *h, size_t i, struct heap_node *n)
{
	size_t c;

	while ((c = 2 * i + 1) < h->len) {
		if (c + 1 < h->len && h->nodes[c + 1]->key < h->nodes[c]->key)
			c++;
		if (h->nodes[c]->key >= n->key)
			break;
		heap_put(h, i, h->nodes[c]);
		i = c;
	}
	heap_put(h, i, n);
}

int
heap_insert(struct heap *h, struct heap_node *n, int64_t key)
{
	size_t cap = h->cap ? h->cap * 2 : 16;
	struct heap_node **nodes;

	if (h->len == h->cap) {
		nodes = realloc(h->nodes, cap * sizeof *nodes);
		if (nodes == NULL)
			return -1;
		h->nodes = nodes;
		h->cap = cap;
	}
	n->key = key;
	heap_up(h, h->len++, n);
	return 0;
}

void
heap_remove(struct heap *h, struct heap_node *n)
{
	size_t i = n->place - 1;
	struct heap_node *last;

	if (n->place == 0)
		return;
	n->place = 0;
	last = h->nodes[--h->len];
	if (last == n)
		return;
	if (i > 0 && h->nodes[(i - 1) / 2]->key > last->key)
		heap_up(h, i, last);
	else
		heap_down(h, i, last);
}

void
heap_free(struct heap *h)
{
	free(h->nodes);
	*h = (struct heap){ 0 };
}
