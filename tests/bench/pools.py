"""The figures of Python's Pool, one a run, as pools.lua has them for prun."""

import multiprocessing
import sys
import time


def best(rounds, f):
    return min(f() for _ in range(rounds))


def timed(n, f):
    begun = time.monotonic()
    f()
    return (time.monotonic() - begun) / n


def square(x):
    return x * x


def same(x):
    return x


def figure_map(n):
    numbers = list(range(1, int(n) + 1))
    with multiprocessing.Pool(2) as pool:
        return best(3, lambda: timed(len(numbers), lambda: pool.map(square, numbers)))


def figure_chunk1(_):
    numbers = list(range(20000))
    with multiprocessing.Pool(2) as pool:
        return best(3, lambda: timed(len(numbers), lambda: pool.map(square, numbers, 1)))


def applied(value, n):
    with multiprocessing.Pool(2) as pool:
        def work():
            for _ in range(n):
                pool.apply(same, (value,))
        return best(3, lambda: timed(n, work))


def figure_apply(_):
    return applied(1, 3000)


def figure_mib(_):
    return applied("x" * (1 << 20), 30)


def figure_tables(_):
    values = [(i, "name", [1, 2, 3.5]) for i in range(100000)]
    with multiprocessing.Pool(2) as pool:
        return best(3, lambda: timed(len(values), lambda: pool.map(same, values)))


def figure_first(method):
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.Pool(1).terminate()

    def work():
        begun = time.monotonic()
        pool = context.Pool(2)
        pool.apply(square, (2,))
        seconds = time.monotonic() - begun
        pool.terminate()
        return seconds
    return best(5, work)


def figure_recycle(method):
    with multiprocessing.get_context(method).Pool(2, maxtasksperchild=1) as pool:
        return best(2, lambda: timed(50, lambda: pool.map(square, range(50), 1)))


if __name__ == "__main__":
    print("%.9f" % globals()["figure_" + sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else None))
