"""Key custody of the open database: recovery phrase and rotation of the data key."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from app.adapters.vault.recovery_phrase import new_phrase, recovery_key
from app.adapters.vault.unlocking import Unlocked, with_new_data_key, with_phrase
from app.ports.entropy import Entropy
from app.ports.vault import WrappedKey

KeepWraps = Callable[[Sequence[WrappedKey], str], Awaitable[None]]


class VaultKeyCustody:
    """`keep_wraps` stores wrapped keys durably; only then does the vault seal with a new one."""

    def __init__(self, unlocked: Unlocked, keep_wraps: KeepWraps, entropy: Entropy) -> None:
        self._unlocked, self._keep_wraps, self._entropy = unlocked, keep_wraps, entropy
        # Each change replaces all wraps: of two at the same time the later would drop the earlier one's key.
        self._one_by_one = asyncio.Lock()

    @property
    def has_phrase(self) -> bool:
        return self._unlocked.ring.recovery is not None

    def draft_phrase(self) -> str:
        return new_phrase(self._entropy)

    async def keep_phrase(self, phrase: str) -> None:
        await self._change(lambda: with_phrase(self._unlocked, phrase, self._entropy))

    def opens(self, phrase: str) -> bool:
        recovery = self._unlocked.ring.recovery
        return recovery_key(phrase) == (recovery.key if recovery else None)

    async def rotate(self) -> None:
        await self._change(lambda: with_new_data_key(self._unlocked, self._entropy))

    async def _change(self, change: Callable[[], Unlocked]) -> None:
        async with self._one_by_one:
            changed = change()
            await self._keep_wraps(changed.wraps, changed.place)
            self._unlocked.vault.adopt(changed.ring)
            # The vault object stays the one that every part of the program has.
            self._unlocked = changed.over(self._unlocked.vault)
