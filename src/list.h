/* Intrusive doubly linked lists: the links live inside the listed things. */
#ifndef PRUN_LIST_H
#define PRUN_LIST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A head and a link are the same struct. An empty head, and a link that is on
 * no list, point at themselves, so list_remove may be called at any time after
 * list_init. The list owns nothing: whoever frees a thing removes it first.
 */
struct list {
	struct list *next, *prev;
};

#define list_entry(link, type, member)					\
	((type *)(void *)((char *)(link) - offsetof(type, member)))

static inline void
list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool
list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void
list_append(struct list *head, struct list *l)
{
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

static inline void
list_prepend(struct list *head, struct list *l)
{
	list_append(head->next, l);
}

static inline void
list_remove(struct list *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	list_init(l);
}

/* The first link, taken off the list; NULL when the list is empty. */
static inline struct list *
list_shift(struct list *head)
{
	struct list *l = head->next;

	if (l == head)
		return NULL;
	list_remove(l);
	return l;
}

#endif
