"""Port of randomness."""

from typing import Protocol
from uuid import UUID


class Entropy(Protocol):
    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        ...

    def uuid(self) -> UUID: ...

    def bytes(self, count: int) -> bytes:
        """Return random bytes fit for keys."""
        ...
