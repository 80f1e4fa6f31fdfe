/* list: order of appending, removing anywhere, shifting until empty. */
#include "list.h"
#include "unit.h"

struct thing {
	int number;
	struct list link;
};

TEST(append_remove_shift)
{
	struct thing things[4] = { { .number = 0 }, { .number = 1 },
	    { .number = 2 }, { .number = 3 } };
	struct list head, *l;
	int i, order[] = { 0, 1, 3 };

	list_init(&head);
	ck_assert(list_empty(&head));
	ck_assert_ptr_null(list_shift(&head));
	for (i = 0; i < 4; i++)
		list_append(&head, &things[i].link);
	list_remove(&things[2].link);
	list_remove(&things[2].link);
	for (i = 0; i < 3; i++) {
		l = list_shift(&head);
		ck_assert_int_eq(list_entry(l, struct thing, link)->number,
		    order[i]);
	}
	ck_assert(list_empty(&head));
}
END(append_remove_shift)

UNIT("list", append_remove_shift)
