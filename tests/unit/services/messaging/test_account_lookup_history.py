"""Account lookup after a history: first contacts are asked for anew, whose tokens it may have brought."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.account import WhatsAppAccount
from app.ports.histories import history_record, history_setting
from tests.harness.customer_words import ANA, ANA_BEFORE_2016
from tests.harness.greeted_shop import JID
from tests.harness.shop import MAIN, Shop, in_shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.unit.services.messaging.test_account_lookup import FOUND, LID, pending

pytestmark = pytest.mark.requirement("K6")


async def read_history(shop: Shop) -> None:
    """Read the chats that the shop's phone pushed, a second from now."""
    await shop.pass_time(seconds=1)
    at = shop.clock.now()
    await shop.store.transact(lambda rows: rows.settings.set(history_setting(MAIN), history_record(at)))
    await shop.messenger.listener.history_read(MAIN)
    await shop.pass_time(minutes=1)


def test_lookup_asks_first_contacts_anew_after_a_history() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = FOUND
        await shop.see(pending(shop, 1))
        shop.messenger.answers[ANA] = WhatsAppAccount(JID, LID.text, trusted=True)
        await read_history(shop)
        assert shop.messenger.requests_for_numbers == 2
        contact = await shop.store.read(lambda rows: rows.contacts.get(ANA))
        assert contact is not None
        assert contact.known
        await read_history(shop)
        assert shop.messenger.requests_for_numbers == 2

    in_shop(story)


def test_lookup_asks_first_contacts_anew_at_the_start_after_a_history() -> None:
    async def story() -> None:
        store, clock = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=clock) as shop:
            shop.messenger.answers[ANA] = FOUND
            await shop.see(pending(shop, 1))
            read_at = clock.now() + timedelta(seconds=1)
            await store.transact(
                lambda rows: rows.settings.set(history_setting(MAIN), history_record(read_at))
            )
        async with open_shop(store=store, clock=clock) as shop:
            await let_tasks_run()
            assert shop.messenger.asked_numbers == [(ANA, ANA_BEFORE_2016)]

    asyncio.run(story())
