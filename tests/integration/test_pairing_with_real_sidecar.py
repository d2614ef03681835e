"""Linking the shop's phone over the real sidecar: by code, and where WhatsApp wants something else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.domain.errors import PairingCodeRefusedError
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from tests.harness.liveness_shop import LivenessShopHarness, liveness_shop_of
from tests.simulators.whatsapp_simulator import SHOP, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
PHONE = Phone(SHOP)


@asynccontextmanager
async def fresh_counter() -> AsyncIterator[LivenessShopHarness]:
    """A shop that is linked to nothing yet."""
    async with simulated_whatsapp() as whatsapp, liveness_shop_of(whatsapp) as shop:
        yield shop


async def shown_code(shop: LivenessShopHarness) -> str:
    await shop.core.connection.pair_by_code(PHONE)
    assert shop.status.pairing_code
    return shop.status.pairing_code.text


@pytest.mark.requirement("S1")
def test_a_code_typed_on_the_phone_links_the_shop() -> None:
    async def story() -> None:
        async with fresh_counter() as shop:
            code = await shown_code(shop)
            await shop.whatsapp.admin.post("pair-code", code=code, number=SHOP)
            await shop.until_open()
            assert shop.status.phone == PHONE
            assert shop.status.pairing_code is None
            await shop.core.connection.reconnect()
            await shop.until_open()

    asyncio.run(story())


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("typed", ["(73) 98811-9000", "73 8811-9000", "+5573988119000"])
@pytest.mark.parametrize("registered", ["+5573988119000", "+557388119000"])
def test_a_code_links_the_account_whichever_spelling_it_has(typed: str, registered: str) -> None:
    async def story() -> None:
        async with fresh_counter() as shop:
            await shop.whatsapp.admin.post("account", number=registered, name="Coco Loko")
            await shop.core.connection.pair_by_code(TypedNumbers(lambda: "73").parse(typed))
            assert shop.status.pairing_code
            code = shop.status.pairing_code.text
            await shop.whatsapp.admin.post("pair-code", code=code, number=registered)
            await shop.until_open()
            assert shop.status.phone == Phone(registered)

    asyncio.run(story())


@pytest.mark.requirement("S1")
def test_a_code_that_is_given_up_leaves_nothing_that_could_log_in() -> None:
    async def story() -> None:
        async with fresh_counter() as shop:
            await shown_code(shop)
            await shop.core.connection.disconnect()
            await shop.core.connection.pair()
            await shop.until(lambda: shop.status.qr_code)
            assert shop.status.qr_code
            await shop.whatsapp.admin.post("scan", number=SHOP, qr=shop.status.qr_code.text)
            await shop.until_open()

    asyncio.run(story())


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("code", [429, 400])
def test_a_code_that_whatsapp_refuses_is_said_though_baileys_had_one(code: int) -> None:
    async def story() -> None:
        async with fresh_counter() as shop:
            await shop.whatsapp.fault("pair_code_error", code=code, times=-1)
            with pytest.raises(PairingCodeRefusedError):
                await shop.core.connection.pair_by_code(PHONE)
            assert (shop.status.state, shop.status.reason) == (ConnectionState.UNPAIRED, "code_refused")

    asyncio.run(story())


@pytest.mark.requirement("S3")
def test_an_account_that_wants_a_passkey_ends_the_pairing() -> None:
    async def story() -> None:
        async with fresh_counter() as shop:
            await shop.core.connection.pair()
            await shop.until(lambda: shop.status.qr_code)
            await shop.whatsapp.admin.post("passkey-notice")
            await shop.until(lambda: shop.status.reason == "passkey")
            assert (shop.status.qr_code, shop.status.pairing) == (None, None)

    asyncio.run(story())


@pytest.mark.requirement("S1")
def test_a_code_that_the_phone_retires_is_shown_anew_and_links() -> None:
    async def story() -> None:
        async with fresh_counter() as shop:
            await shop.core.connection.pair()
            await shop.until(lambda: shop.status.qr_code)
            retired = shop.status.qr_code
            assert retired
            await shop.whatsapp.admin.post("registration-refresh", qr=retired.text)
            await shop.until(lambda: shop.status.qr_code and shop.status.qr_code != retired)
            assert shop.status.qr_code
            await shop.whatsapp.admin.post("scan", number=SHOP, qr=shop.status.qr_code.text)
            await shop.until_open()

    asyncio.run(story())
