/* board: every task is begun once, whoever races for it and whoever dies. */
#include <sys/mman.h>
#include <sys/wait.h>

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "unit.h"

enum { SLOTS = 4, TASKS = 50 };

/* The board, and how often each task of each cell was begun. */
struct shared {
	_Atomic uint32_t begun[BOARD_CELLS][TASKS];
};

static struct shared *shared;
static struct board *board;

static void *
map(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	return p;
}

static void
open_board(void)
{
	shared = map(sizeof *shared);
	board = map(board_size(SLOTS));
	board_init(board, SLOTS);
}

static void
put(uint32_t cell, uint32_t count)
{
	board->cells[cell].count = count;
	board_put(board, cell);
}

TEST(one_after_the_other)
{
	struct board_range r;

	open_board();
	ck_assert_int_eq(board_take(board, 0), -1);
	put(7, 3);
	put(8, 1);
	ck_assert_uint_eq(board_waiting(board), 2);
	ck_assert_int_eq(board_take(board, 0), 7);
	ck_assert_int_eq(board_take(board, 1), 8);
	ck_assert_uint_eq(board_waiting(board), 0);
	ck_assert_int_eq(board_next(board, 0), 0);
	r = board_range(board, 0);
	ck_assert_uint_eq(r.cell, 7);
	ck_assert_uint_eq(r.cursor, 1);
	ck_assert_uint_eq(r.limit, 3);
	ck_assert(board_others_wait(board, 1));
	ck_assert_int_eq(board_next(board, 0), 1);
	ck_assert_int_eq(board_next(board, 0), 2);
	ck_assert_int_eq(board_next(board, 0), -1);
	board_done(board, 0);
	ck_assert(board_range(board, 0).none);
}
END(one_after_the_other)

TEST(revoke_and_seize)
{
	uint32_t cell, from;

	open_board();
	put(1, 5);
	ck_assert_int_eq(board_take(board, 0), 1);
	ck_assert_int_eq(board_next(board, 0), 0);
	ck_assert_uint_eq(board_revoke(board, 0, false, &cell, &from), 2);
	ck_assert_uint_eq(cell, 1);
	ck_assert_uint_eq(from, 3);
	ck_assert_uint_eq(board_revoke(board, 0, true, &cell, &from), 2);
	ck_assert_uint_eq(from, 1);
	ck_assert_uint_eq(board_revoke(board, 0, true, &cell, &from), 0);
	ck_assert(!board_seize(board, 0, 1, 3));
	ck_assert(board_seize(board, 0, 1, 0));
	ck_assert_int_eq(board_next(board, 0), -2);
	ck_assert_int_eq(board_take(board, 0), -2);
	ck_assert(board_range(board, 0).seized);
	board_clear(board, 0);
	put(2, 1);
	ck_assert(board_withdraw(board, 2));
	ck_assert(!board_withdraw(board, 2));
	ck_assert_int_eq(board_take(board, 0), -1);
}
END(revoke_and_seize)

/* A worker: begins tasks until it is seized. */
static void
work(uint32_t slot)
{
	int cell, item;

	while ((cell = board_take(board, slot)) != -2) {
		if (cell == -1)
			continue;
		while ((item = board_next(board, slot)) >= 0)
			atomic_fetch_add(&shared->begun[cell][item], 1);
		if (item == -2)
			break;
		board_done(board, slot);
	}
	_exit(0);
}

/* What the slot of a dead worker had not begun is counted by us. */
static void
inherit(uint32_t slot)
{
	struct board_range r = board_range(board, slot);
	uint32_t i;

	if (r.none)
		return;
	for (i = r.cursor; i < r.limit; i++)
		atomic_fetch_add(&shared->begun[r.cell][i], 1);
	/* The one it was at may have been counted or not: that is its end. */
	if (r.cursor > 0)
		atomic_store(&shared->begun[r.cell][r.cursor - 1], 1);
}

static void
race(bool kill_them)
{
	pid_t pids[SLOTS];
	uint32_t i, j, cell, from, n;

	open_board();
	for (i = 0; i < SLOTS; i++)
		if ((pids[i] = fork()) == 0)
			work(i);
	for (i = 0; i < BOARD_CELLS; i++) {
		put(i, TASKS);
		if (i % 5 == 0 && (n = board_revoke(board, i % SLOTS, false,
		    &cell, &from)) > 0)
			for (j = from; j < from + n; j++)
				atomic_fetch_add(&shared->begun[cell][j], 1);
		if (kill_them && i % 300 == 299) {
			kill(pids[i % SLOTS], SIGKILL);
			waitpid(pids[i % SLOTS], NULL, 0);
			inherit(i % SLOTS);
			board_clear(board, i % SLOTS);
			if ((pids[i % SLOTS] = fork()) == 0)
				work(i % SLOTS);
		}
	}
	while (board_waiting(board) > 0)
		continue;
	for (i = 0; i < SLOTS; i++) {
		while (!kill_them && !board_range(board, i).none)
			continue;
		board_seize_any(board, i);
		waitpid(pids[i], NULL, 0);
		inherit(i);
	}
	for (i = 0; i < BOARD_CELLS; i++)
		for (j = 0; j < TASKS; j++)
			ck_assert_uint_eq(shared->begun[i][j], 1);
}

TEST(each_task_once)
{
	race(false);
}
END(each_task_once)

TEST(each_task_once_with_deaths)
{
	race(true);
}
END(each_task_once_with_deaths)

UNIT("board", one_after_the_other, revoke_and_seize, each_task_once,
    each_task_once_with_deaths)
