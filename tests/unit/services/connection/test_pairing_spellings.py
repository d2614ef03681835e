"""Pairing code: agreed for every spelling of the shop's number, and shown once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from app.domain.errors import PairingCodeRefusedError
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from tests.harness.shop import Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.unit.services.connection.test_pairing import offer_qr

pytestmark = pytest.mark.requirement("S1")
WITH_NINTH, WITHOUT = Phone("+5573988112233"), Phone("+557388112233")


@dataclass
class AskedForCodes(ScriptedMessenger):
    """`meanwhile` happens while WhatsApp is asked."""

    refused: tuple[Phone, ...] = ()
    meanwhile: Callable[[Shop], Awaitable[None]] | None = None
    shop: Shop | None = None
    codes_for: list[Phone] = field(default_factory=list)

    async def pairing_code(self, session_id: SessionId, phone: Phone) -> str:
        self.codes_for.append(phone)
        if self.meanwhile and self.shop:
            await self.meanwhile(self.shop)
        if phone in self.refused:
            raise PairingCodeRefusedError
        return await super().pairing_code(session_id, phone)


async def ask_for_code(shop: Shop, phone: Phone = WITH_NINTH) -> AskedForCodes:
    """The person asks for a code, and WhatsApp offers a pairing."""
    messenger = shop.messenger
    assert isinstance(messenger, AskedForCodes)
    messenger.opens, messenger.shop = False, shop
    asking = asyncio.create_task(shop.core.connection.pair_by_code(phone))  # noqa: TID251 - the person's hand
    await let_tasks_run()
    await offer_qr(shop)
    await asking
    return messenger


@pytest.mark.parametrize("refused", [(), (WITHOUT,), (WITH_NINTH,)])
def test_pairing_shows_one_code_when_a_number_has_two_spellings(refused: tuple[Phone, ...]) -> None:
    async def story(shop: Shop) -> None:
        messenger = await ask_for_code(shop)
        assert messenger.codes_for == [WITHOUT, WITH_NINTH]
        assert shop.core.connection.get_connection_status().pairing_code

    in_shop(story, paired=False, messengers=lambda clock: AskedForCodes(clock, refused=refused))


def test_pairing_asks_once_when_a_number_has_one_spelling() -> None:
    async def story(shop: Shop) -> None:
        messenger = await ask_for_code(shop, Phone("+351912345678"))
        assert messenger.codes_for == [Phone("+351912345678")]

    in_shop(story, paired=False, messengers=AskedForCodes)


def test_pairing_is_refused_when_every_spelling_is() -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(PairingCodeRefusedError):
            await ask_for_code(shop)
        assert shop.core.connection.get_connection_status().pairing_code is None

    refused = (WITH_NINTH, WITHOUT)
    in_shop(story, paired=False, messengers=lambda clock: AskedForCodes(clock, refused=refused))


def test_pairing_asks_no_other_spelling_when_it_was_given_up() -> None:
    async def given_up(shop: Shop) -> None:
        await shop.core.connection.disconnect()

    async def story(shop: Shop) -> None:
        messenger = await ask_for_code(shop)
        assert messenger.codes_for == [WITHOUT]
        assert shop.core.connection.get_connection_status().pairing_code is None

    in_shop(story, paired=False, messengers=lambda clock: AskedForCodes(clock, meanwhile=given_up))
