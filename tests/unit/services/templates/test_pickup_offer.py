"""Pickup offer: off at first, kept in the database, added to the *pronto* text alone."""

import asyncio

import pytest

from app.domain.errors import ManagerNeededError
from app.domain.events import Event, PickupOfferSwitched
from app.domain.order import NotificationType
from app.domain.outgoing_text import outgoing_text
from app.services.event_bus import EventBus
from app.services.templates.pickup_offer import PickupOffer
from tests.harness.access import open_access
from tests.harness.shop import open_shop, pickup_texts
from tests.simulators.memory_store import MemoryStore

pytestmark = pytest.mark.requirement("K9")

LINE = pickup_texts()["offer"]


async def _offer(store: MemoryStore, *, pin: str | None = None) -> PickupOffer:
    return PickupOffer(store, EventBus(), LINE, (await open_access(store, pin=pin)).gate)


def test_shipped_line_passes_the_check_of_outgoing_text() -> None:
    assert outgoing_text(LINE) == LINE
    assert "\n" not in LINE
    assert len(LINE) < 80


def test_offer_is_off_at_first_and_kept_when_switched() -> None:
    async def story() -> None:
        store = MemoryStore()
        offer, later = await _offer(store), await _offer(store)
        await offer.restore()
        assert not offer.on
        for on in (True, False):
            await offer.switch(on=on)
            await later.restore()
            assert offer.on is later.on is on

    asyncio.run(story())


def test_offer_tells_the_screens_that_it_was_switched() -> None:
    async def story() -> None:
        store, bus, heard = MemoryStore(), EventBus(), list[Event]()
        bus.subscribe(Event, heard.append)
        await PickupOffer(store, bus, LINE, (await open_access(store)).gate).switch(on=True)
        assert heard == [PickupOfferSwitched(on=True)]

    asyncio.run(story())


@pytest.mark.requirement("X5")
def test_offer_is_switched_by_a_manager_only() -> None:
    async def story() -> None:
        offer = await _offer(MemoryStore(), pin="2468")
        with pytest.raises(ManagerNeededError):
            await offer.switch(on=True)
        assert not offer.on

    asyncio.run(story())


@pytest.mark.parametrize("kept", ["", "yes", "{", "[]", '{"on": 1}', '{"on": "true"}', '{"off": true}'])
def test_offer_is_off_for_an_unreadable_setting(kept: str) -> None:
    async def story() -> None:
        store = MemoryStore()
        await store.transact(lambda rows: rows.settings.set("pickup_replies", kept))
        offer = await _offer(store)
        await offer.restore()
        assert not offer.on

    asyncio.run(story())


def test_offer_ends_the_ready_text_alone_and_only_while_on() -> None:
    async def story() -> None:
        async with open_shop() as shop:
            core, texts = shop.core, dict[bool, str]()
            await core.queue.pause()
            for number, on in ((7, True), (8, False)):
                await core.templates.pickup_offer.switch(on=on)
                for status in ("paid", "in_preparation", "ready"):
                    await shop.see(shop.order(number, status=status))
                for kind in (NotificationType.PAYMENT_CONFIRMED, NotificationType.PREPARING):
                    assert LINE not in (await shop.message(shop.order(number), kind)).text
                texts[on] = (await shop.message(shop.order(number), NotificationType.READY)).text
            assert texts[True] == f"{texts[False].replace('8', '7')}\n\n{LINE}"
            assert core.templates.get_template(NotificationType.READY).content.count(LINE) == 0

    asyncio.run(story())


def test_offer_is_in_force_again_after_a_restart() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(store=store) as shop:
            await shop.core.templates.pickup_offer.switch(on=True)
        async with open_shop(store=store) as shop:
            assert shop.core.templates.pickup_offer.on

    asyncio.run(story())
