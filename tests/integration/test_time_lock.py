"""A number in WhatsApp's time lock over the real sidecar: strangers wait, and whoever writes is served."""

import asyncio
from pathlib import Path

import pytest

from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.rate_limit import HoldReason
from tests.harness.real_shop import RealShopHarness, open_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("X2")]
ANA, RUI = Phone("+5573999548537"), Phone("+5573988887777")


async def locked(shop: RealShopHarness) -> bool:
    (gauge,) = shop.core.rate_limiters.statuses()
    return gauge.held_until(HoldReason.COLD_LOCK) is not None


@pytest.mark.parametrize("named_by", ["pn", "lid"])
def test_in_a_time_lock_strangers_wait_and_who_writes_is_told_at_once(tmp_path: Path, named_by: str) -> None:
    async def story() -> None:
        people = ({"number": ANA.number}, {"number": RUI.number})
        async with simulated_whatsapp(*people) as whatsapp, open_real_shop(tmp_path, whatsapp) as shop:
            await whatsapp.options(messages_as=named_by)
            await whatsapp.lock_out_strangers(active=True, notify=True)
            await wait_until(lambda: locked(shop))
            of_ana, of_rui = await shop.tell(1, ANA), await shop.tell(2, RUI)
            hold = await shop.core.rate_limiters.hold_of(await shop.message(of_ana))
            assert hold
            assert hold.reason is HoldReason.COLD_LOCK
            await whatsapp.write(ANA.number, text="Oi, e o meu pedido?")
            assert (await shop.until_state(of_ana, State.READ)).attempts == 1
            (bubble,) = await whatsapp.shown_to(ANA.number)
            assert bubble["shown"] == 1
            strangers = await shop.message(of_rui)
            assert (strangers.state, strangers.attempts) == (State.PENDING, 0)
            await whatsapp.write(RUI.number, text="Oi")
            await shop.until_state(of_rui, State.READ)

    asyncio.run(story())


def test_customer_refused_by_the_lock_is_told_on_request_once_they_wrote(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with (
            simulated_whatsapp({"number": ANA.number}) as whatsapp,
            open_real_shop(tmp_path, whatsapp) as shop,
        ):
            await whatsapp.lock_out_strangers(active=True)
            order = await shop.tell(1, ANA)
            refused = await shop.until_state(order, State.FAILED)
            assert (refused.reason, refused.attempts) == ("restricted:463", 1)
            await whatsapp.write(ANA.number, text="Oi")
            await wait_until(lambda: wrote(shop))
            await shop.core.queue.retry(refused.id)
            assert (await shop.until_state(order, State.READ)).message_id == refused.message_id
            (bubble,) = await whatsapp.shown_to(ANA.number)
            assert bubble["shown"] == 1

    asyncio.run(story())


async def wrote(shop: RealShopHarness) -> bool:
    contact = await shop.core.background.store.read(lambda rows: rows.contacts.get(ANA))
    return contact is not None and contact.first_inbound_at is not None
