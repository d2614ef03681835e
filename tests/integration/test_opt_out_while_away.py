"""A customer writes "Parar!" while the shop is away: what waited for them stays, over the real sidecar and database."""

import asyncio
from pathlib import Path

import pytest

from app.domain.notification import State, Suppression
from app.domain.phone import Phone
from tests.harness.absence import come_back, leave, phones_off
from tests.harness.real_shop import RealShopHarness, open_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("X1")]
ANA, RUI = Phone("+5573999548537"), Phone("+5573988887777")
_CHATTER = 60


async def opted_out(shop: RealShopHarness) -> bool:
    return await shop.core.background.store.read(lambda rows: rows.opt_outs.in_force(ANA)) is not None


async def written_to_ana(whatsapp: SimulatedWhatsApp) -> list[tuple[str, int]]:
    """The ids that went to her, each with how often, as the server recorded it."""
    return [
        (each["id"], each["times"]) for each in await whatsapp.on_the_wire() if ANA.number[1:] in each["to"]
    ]


async def both_written(whatsapp: SimulatedWhatsApp) -> bool:
    return len(await written_to_ana(whatsapp)) == 2


async def confirmation(shop: RealShopHarness) -> str:
    """The id of the one that she has read."""
    await wait_until(lambda: opted_out(shop))
    opt_out = await shop.core.background.store.read(lambda rows: rows.opt_outs.in_force(ANA))
    assert opt_out is not None
    wanted = opt_out.confirmation_id
    assert wanted is not None

    async def read() -> bool:
        found = await shop.core.background.store.read(lambda rows: rows.notifications.get(wanted))
        return found is not None and found.state is State.READ

    await wait_until(read)
    found = await shop.core.background.store.read(lambda rows: rows.notifications.get(wanted))
    assert found is not None
    return found.message_id


def test_nothing_that_waited_follows_a_parar_that_waited_too(tmp_path: Path) -> None:
    """Before it come many others' texts, so that it is heard long after the connection is open."""

    async def story() -> None:
        people = ({"number": ANA.number}, {"number": RUI.number})
        async with simulated_whatsapp(*people) as whatsapp, open_real_shop(tmp_path, whatsapp) as shop:
            first = await shop.message(await shop.told(1, ANA))
            await leave(shop)
            queued = [await shop.tell(number, ANA) for number in (2, 3)]
            for _ in range(_CHATTER):
                await whatsapp.write(RUI.number, text="oi?")
            await whatsapp.write(ANA.number, text="Parar!")
            await come_back(shop)
            confirmed = await confirmation(shop)
            assert await written_to_ana(whatsapp) == [(first.message_id, 1), (confirmed, 1)]
            for order in queued:
                kept = await shop.message(order)
                assert (kept.state, kept.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)

    asyncio.run(story())


@pytest.mark.requirement("Q4")
def test_a_doubt_that_would_be_repeated_is_not_after_a_parar_that_waited(tmp_path: Path) -> None:
    async def story() -> None:
        async with (
            simulated_whatsapp({"number": ANA.number}) as whatsapp,
            open_real_shop(tmp_path, whatsapp) as shop,
        ):
            first = await shop.message(await shop.told(1, ANA))
            await phones_off(whatsapp, ANA.number)
            await whatsapp.fault("lose_ack", number=ANA.number)
            doubtful = await shop.tell(2, ANA)
            await wait_until(lambda: both_written(whatsapp))
            await leave(shop)
            doubt = await shop.until_state(doubtful, State.IN_DOUBT)
            later = await shop.tell(3, ANA)
            await whatsapp.write(ANA.number, text="Parar!")
            await come_back(shop)
            await wait_until(lambda: opted_out(shop))
            await phones_off(whatsapp, ANA.number, off=False)
            confirmed = await confirmation(shop)
            written = [(first.message_id, 1), (doubt.message_id, 1), (confirmed, 1)]
            assert await written_to_ana(whatsapp) == written
            kept = await shop.message(later)
            assert (kept.state, kept.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
            shown = [(each["id"], each["shown"]) for each in await whatsapp.shown_to(ANA.number)]
            assert shown == written

    asyncio.run(story())
