"""Counter of sends in flight, with an event for zero."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class InFlight:
    """Number of sends in flight; `over` is set while it is zero."""

    def __init__(self) -> None:
        self._count = 0
        self.over = asyncio.Event()
        self.over.set()

    @contextmanager
    def one(self) -> Iterator[None]:
        self._count += 1
        self.over.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self.over.set()
