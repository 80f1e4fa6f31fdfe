/* A binary heap of intrusive nodes, smallest key first: the timers' order. */
#ifndef PRUN_HEAP_H
#define PRUN_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A node knows its place, so that removing any node costs log n. */
struct heap_node {
	int64_t key;
	size_t place;		/* 1-based; 0 = in no heap */
};

struct heap {
	struct heap_node **nodes;
	size_t len, cap;
};

static inline bool
heap_has(const struct heap_node *n)
{
	return n->place != 0;
}

/* The node with the smallest key, or NULL. */
static inline struct heap_node *
heap_top(const struct heap *h)
{
	return h->len ? h->nodes[0] : NULL;
}

/* Insert a node that is in no heap. 0, or -1 with errno ENOMEM. */
int heap_insert(struct heap *, struct heap_node *, int64_t key);

/* Remove a node; one that is in no heap is left alone. */
void heap_remove(struct heap *, struct heap_node *);

void heap_free(struct heap *);

#endif
