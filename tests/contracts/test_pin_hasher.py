"""The PIN hashers of the product and of the tests keep the same promises."""

import asyncio

import pytest

from app.adapters.vault.pin_hasher import Argon2PinHasher
from app.ports.pin_hasher import PinHasher
from tests.simulators.plain_pin_hasher import PlainPinHasher

pytestmark = pytest.mark.requirement("X5")


@pytest.fixture(params=[Argon2PinHasher, PlainPinHasher])
def hasher(request: pytest.FixtureRequest) -> PinHasher:
    made: PinHasher = request.param()
    return made


def test_hasher_matches_the_hashed_secret_alone(hasher: PinHasher) -> None:
    async def story() -> None:
        hashed = await hasher.hash("2468")
        assert await hasher.matches("2468", hashed)
        assert not await hasher.matches("2469", hashed)
        assert "2468" not in hashed

    asyncio.run(story())


@pytest.mark.parametrize(
    "hashed", ["", "2468", "$argon2id$", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$AAAA", "é"]
)
def test_hasher_matches_no_text_that_is_no_hash(hasher: PinHasher, hashed: str) -> None:
    assert not asyncio.run(hasher.matches("2468", hashed))
