"""Entropy port over the operating system's randomness."""

import os
import secrets
from uuid import UUID, uuid4


class SystemEntropy:
    """Random fractions, UUIDs and bytes of the operating system."""

    def __init__(self) -> None:
        self._random = secrets.SystemRandom()

    def fraction(self) -> float:
        return self._random.random()

    def uuid(self) -> UUID:
        return uuid4()

    def bytes(self, count: int) -> bytes:
        return os.urandom(count)
