"""The machine's chance behind the Entropy port."""

import os
import secrets
from uuid import UUID, uuid4


class SystemEntropy:
    def __init__(self) -> None:
        self._random = secrets.SystemRandom()

    def fraction(self) -> float:
        return self._random.random()

    def uuid(self) -> UUID:
        return uuid4()

    def bytes(self, count: int) -> bytes:
        return os.urandom(count)
