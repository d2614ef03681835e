"""Chance that comes out the same in every run of a test."""

import random  # noqa: TID251 - this is where the tests' chance comes from
from uuid import UUID


class SeededEntropy:
    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing secret is made of it

    def fraction(self) -> float:
        return self._random.random()

    def uuid(self) -> UUID:
        return UUID(bytes=self.bytes(16), version=4)

    def bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)
