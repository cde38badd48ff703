"""How much memory reading takes."""

import tracemalloc
from collections.abc import Callable, Iterable


def peak_of(read: Callable[[], Iterable[object]], least: int = 1) -> int:
    """The most bytes that objects of Python take at once while all rows are read, ``least`` of them."""
    tracemalloc.start()
    try:
        assert sum(1 for _ in read()) >= least
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
