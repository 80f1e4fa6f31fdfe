/* l_cell.c owns chunks on the board: put up, split, inherited, balanced. */
#include "config.h"

#include <string.h>

#include "l_pool.h"

static void
cell_free(struct l_pool *p, uint32_t cell)
{
	struct l_cell *c = &p->cells[cell];

	c->batch->cells--;
	atomic_store(&p->board->cells[cell].state, CELL_FREE);
	arena_drop(&p->arena, c->arguments);
	arena_drop(&p->arena, c->function);
	*c = (struct l_cell){ 0 };
	p->spare[p->spare_len++] = (uint16_t)cell;
}

/* A task of the cell has its end, or goes to another cell. */
void
l_cell_less(struct l_pool *p, uint32_t cell, uint32_t n)
{
	struct l_cell *c = &p->cells[cell];

	c->left -= n;
	if (c->left == 0)
		cell_free(p, cell);
}

/* n tasks whose arguments are len bytes at `at`; the block gets a user. */
uint32_t
l_cell_put(struct l_pool *p, struct l_batch *b, struct arena_block *block,
    uint64_t at, uint64_t len, uint64_t first, uint32_t n)
{
	uint32_t cell = p->spare[--p->spare_len];
	struct board_cell *c = &p->board->cells[cell];

	b->function->users++;
	b->cells++;
	p->cells[cell] = (struct l_cell){ .batch = b, .arguments = block,
	    .function = b->function, .left = n };
	c->flags = b->flags;
	c->count = n;
	c->function = b->function_number;
	c->function_at = b->function->offset;
	c->function_len = b->function->len;
	c->at = at;
	c->len = len;
	c->first = first;
	board_put(p->board, cell);
	return cell;
}

/* Where the arguments of task `item` of the cell begin. */
static uint64_t
cell_find(struct l_pool *p, uint32_t cell, uint32_t item)
{
	const struct board_cell *c = &p->board->cells[cell];
	const char *at = p->arena.area.base + c->at, *end = at + c->len;
	uint32_t i, j, n;

	for (i = 0; i < item; i++) {
		n = 1;
		if (c->flags & CELL_COUNTED) {
			memcpy(&n, at, sizeof n);
			at += sizeof n;
		}
		for (j = 0; j < n; j++)
			marshal_skip(&at, end);
	}
	return (uint64_t)(at - p->arena.area.base);
}

/* Tasks [from, from + n) of a taken cell become a cell of their own. */
void
l_cell_split(struct l_pool *p, uint32_t cell, uint32_t from, uint32_t n)
{
	const struct board_cell *c = &p->board->cells[cell];
	struct l_cell *old = &p->cells[cell];
	uint64_t at = cell_find(p, cell, from), end = c->at + c->len;

	old->arguments->users++;
	l_cell_put(p, old->batch, old->arguments, at, end - at, c->first + from,
	    n);
	l_cell_less(p, cell, n);
}

/* Coming back. */

/* The slot that has most to do, and more than it is at. */
static int
batch_busiest(struct l_pool *p)
{
	struct board_range r;
	uint32_t i, left, most = 0;
	int found = -1;

	for (i = 0; i < p->slots; i++) {
		if (p->workers[i].state != WORKER_LIVE)
			continue;
		r = board_range(p->board, i);
		left = r.none || r.intent ? 0 : r.limit - r.cursor;
		if (left > most) {
			most = left;
			found = (int)i;
		}
	}
	return found;
}

static uint32_t
batch_sleepers(struct l_pool *p)
{
	uint32_t i, n = 0;

	for (i = 0; i < p->slots; i++)
		n += p->workers[i].state == WORKER_LIVE &&
		    atomic_load(&p->board->slot[i].asleep) == 1;
	return n;
}

void
l_batch_balance(struct l_pool *p)
{
	uint32_t cell, from, n, sleepers;
	int slot;

	if (board_waiting(p->board) > 0)
		return;
	for (sleepers = batch_sleepers(p); sleepers > 0 &&
	    p->spare_len > BATCH_RESERVE / 2; sleepers--) {
		if ((slot = batch_busiest(p)) == -1)
			return;
		n = board_revoke(p->board, (uint32_t)slot, false, &cell, &from);
		if (n == 0)
			continue;
		l_cell_split(p, cell, from, n);
		l_pool_wake(p);
	}
}

void
l_batch_inherit(lua_State *L, int pool, int events, uint32_t slot)
{
	struct l_pool *p = lua_touserdata(L, pool);
	struct l_worker *w = &p->workers[slot];
	struct board_range r = board_range(p->board, slot);
	struct l_batch *b;
	uint64_t i;

	if (r.none)
		return;
	if (r.limit > r.cursor)
		l_cell_split(p, r.cell, r.cursor, r.limit - r.cursor);
	/* Begun, and no end of it came: it was running. */
	if (r.cursor > 0 && w->cell == r.cell && w->item < r.cursor) {
		b = p->cells[r.cell].batch;
		i = p->board->cells[r.cell].first - b->first + r.cursor - 1;
		p->lost++;
		if (!l_batch_is_done(b, i)) {
			lua_pushinteger(L, slot);
			lua_pushnumber(L, (lua_Number)(loop_clock() -
			    atomic_load(&p->board->slot[slot].begun)) / 1e9);
			l_batch_event(L, pool, events, b, "lost", i, 2);
		}
		l_cell_less(p, r.cell, 1);
	}
	l_pool_wake(p);
}
