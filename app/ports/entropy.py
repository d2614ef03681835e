"""Chance as the core sees it."""

from typing import Protocol
from uuid import UUID


class Entropy(Protocol):
    def fraction(self) -> float:
        """A number in [0, 1)."""
        ...

    def uuid(self) -> UUID: ...

    def bytes(self, count: int) -> bytes:
        """Bytes fit for keys."""
        ...
