"""Slow hash of PINs by argon2id."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106's second recommendation, as for the passphrase.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


class Argon2PinHasher:
    """Hashes in a thread."""

    async def hash(self, secret: str) -> str:
        return await asyncio.to_thread(_HASHER.hash, secret)

    async def matches(self, secret: str, hashed: str) -> bool:
        return await asyncio.to_thread(_matches, secret, hashed)


def _matches(secret: str, hashed: str) -> bool:
    try:
        return _HASHER.verify(hashed, secret)
    except (VerificationError, InvalidHashError, ValueError):
        return False
