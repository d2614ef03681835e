"""Slow hash of PINs by argon2id."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


class Argon2PinHasher:
    """Hashes in a thread."""

    async def hash(self, secret: str) -> str:
        return await asyncio.to_thread(lambda: _hasher().hash(secret))

    async def matches(self, secret: str, hashed: str) -> bool:
        return await asyncio.to_thread(_matches, secret, hashed)


def _matches(secret: str, hashed: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - see below

    try:
        return _hasher().verify(hashed, secret)
    except (VerificationError, InvalidHashError, ValueError):
        return False


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 - few starts need it

    # RFC 9106's second recommendation, as for the passphrase.
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
