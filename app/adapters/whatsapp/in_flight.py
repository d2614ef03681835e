"""Counts what is on its way, and knows when nothing is."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class InFlight:
    """`drained_generation` is set while nothing is."""

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
