"""Numbers that WhatsApp names: over the real sidecar and the database on disk, the customer is one."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.claim_text import claim_text
from app.domain.identifiers import notification_id
from app.domain.notification import State
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from tests.harness.real_shop import RealShopHarness, open_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("K2")]

NAMED = ["+5215512345678", "+5492966123456", "+558001234567", "+15550100000"]
TWO_SPELLINGS = [
    ("+52 55 1234 5678", "+525512345678", "+5215512345678"),
    ("+54 11 2345-6789", "+541123456789", "+5491123456789"),
    ("73 9954-8537", "+5573999548537", "+557399548537"),
]


async def ready_is(shop: RealShopHarness, order: Order, state: State) -> None:
    wanted = notification_id(order.id, NotificationType.READY, 1)

    async def reached() -> bool:
        found = await shop.core.background.store.read(lambda rows: rows.notifications.get(wanted))
        return found is not None and found.state is state

    await shop.core.watcher.store_and_notify(replace(order, status="ready"))
    await wait_until(reached)


async def shows(shop: RealShopHarness, number: str, texts: int) -> None:
    async def shown() -> bool:
        return len(await shop.whatsapp.shown_to(number)) == texts

    await wait_until(shown)


@pytest.mark.parametrize("number", NAMED)
def test_customer_who_wrote_first_is_told_answered_and_obeyed(number: str, tmp_path: Path) -> None:
    async def story() -> None:
        people = {"number": number}
        async with simulated_whatsapp(people) as whatsapp, open_real_shop(tmp_path, whatsapp) as shop:
            order = await shop.order_without_phone(1)
            await whatsapp.write(number, text=claim_text(1))
            await shop.until_state(order, State.READ)
            assert (await shop.core.inbox.answer(order.id, "ok")).success
            await shows(shop, number, 2)
            assert (await shop.core.messages.send_custom_message(number, "Obrigada!")).success
            await shows(shop, number, 3)
            await whatsapp.write(number, text="PARAR")
            await shows(shop, number, 4)
            await ready_is(shop, order, State.SUPPRESSED)
            await shop.core.opt_outs.undo(number, "pediu no balcão")

    asyncio.run(story())


@pytest.mark.parametrize(("typed", "number", "registered"), TWO_SPELLINGS)
def test_account_is_told_and_heard_when_it_is_registered_otherwise(
    typed: str, number: str, registered: str, tmp_path: Path
) -> None:
    async def story() -> None:
        people = {"number": number, "registered_as": registered}
        async with simulated_whatsapp(people) as whatsapp, open_real_shop(tmp_path, whatsapp) as shop:
            order = await shop.told(1, Phone(typed))
            await whatsapp.write(number, text="já estou chegando")

            async def heard() -> bool:
                exchange = await shop.core.inbox.exchange(order.id)
                return [reply.phone for reply in exchange.replies] == [Phone(registered)]

            await wait_until(heard)
            assert (await shop.core.inbox.answer(order.id, "ok")).success
            await shows(shop, number, 2)
            await whatsapp.write(number, text="PARAR")
            await shows(shop, number, 3)
            await ready_is(shop, order, State.SUPPRESSED)

    asyncio.run(story())
