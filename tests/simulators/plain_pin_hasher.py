"""The PinHasher of tests that compare many PINs: a fast hash, behind the promises of the contract."""

import hashlib


class PlainPinHasher:
    async def hash(self, secret: str) -> str:
        return f"sha256:{hashlib.sha256(secret.encode()).hexdigest()}"

    async def matches(self, secret: str, hashed: str) -> bool:
        return hashed == await self.hash(secret)
