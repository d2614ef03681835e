"""Port of slow hashes for PINs."""

from typing import Protocol


class PinHasher(Protocol):
    """Both methods take a tenth of a second or more, and do not block the event loop."""

    async def hash(self, secret: str) -> str: ...

    async def matches(self, secret: str, hashed: str) -> bool:
        """Return whether the secret has this hash; False for text that is no hash."""
        ...
