"""The KeyCustody of tests without keys on disk: remembers the phrase in force, and counts rotations."""

from app.adapters.vault.recovery_phrase import new_phrase, recovery_key
from app.ports.entropy import Entropy


class PlainCustody:
    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._key: bytes | None = None
        self.rotations = 0

    @property
    def has_phrase(self) -> bool:
        return self._key is not None

    def draft_phrase(self) -> str:
        return new_phrase(self._entropy)

    async def keep_phrase(self, phrase: str) -> None:
        self._key = recovery_key(phrase)

    def opens(self, phrase: str) -> bool:
        return recovery_key(phrase) == self._key

    async def rotate(self) -> None:
        self.rotations += 1
