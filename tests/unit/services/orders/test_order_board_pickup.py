"""Pickup reply on the board: derived from the stored replies of an order that is still to be collected."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from app.domain.events import ReplyArrived, ReplyChanged
from app.domain.identifiers import MessageId
from app.domain.order import NotificationType, Order
from app.domain.pickup_reply import PickupChoice
from app.ports.inbound import Inbound
from app.services.messaging.records import NotificationRequest
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, say
from tests.harness.shop import MAIN, Shop, open_shop
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("K9")

ON_THE_WAY, NOT_NOW = PickupChoice.ON_THE_WAY, PickupChoice.NOT_NOW


async def wrote(
    shop: Shop, name: str, text: str | None, kind: str = "text", about: str | None = None
) -> None:
    await shop.pass_time(seconds=2)
    at, changed = shop.clock.now(), MessageId(about) if about else None
    await shop.messenger.emit(Inbound(MAIN, MessageId(name), ANA, kind, text, at, live=True, about=changed))
    await let_tasks_run()


async def shown(shop: Shop, order: Order) -> PickupChoice | None:
    """Return the choice on the row, which is that of the detail."""
    (row,) = await shop.core.board.rows([order.id])
    detail = await shop.core.board.detail(order.id)
    assert detail is not None
    assert detail.row.pickup == row.pickup
    return row.pickup.choice if row.pickup else None


def story(told: Callable[[Shop, Order], Awaitable[None]], *, on: bool = True) -> None:
    """Run the story in a shop whose order 7 is ready and told."""

    async def played() -> None:
        async with open_shop() as shop:
            if on:
                await shop.core.templates.pickup_offer.switch(on=True)
            await shop.see(shop.order(7, status="ready"))
            await told(shop, shop.order(7, status="ready"))

    asyncio.run(played())


def test_one_and_nine_show_on_the_order_and_stay_unread_replies() -> None:
    async def told(shop: Shop, order: Order) -> None:
        assert await shown(shop, order) is None
        sent = len(shop.messenger.sends)
        await wrote(shop, "A", "1️⃣")
        assert await shown(shop, order) is ON_THE_WAY
        await wrote(shop, "B", " 9. ")
        assert await shown(shop, order) is NOT_NOW
        exchange = await shop.core.inbox.exchange(order.id)
        assert [reply.text for reply in exchange.replies] == ["1️⃣", " 9. "]
        assert exchange.unread == 2
        assert len([event for event in shop.events if isinstance(event, ReplyArrived)]) == 2
        assert len(shop.messenger.sends) == sent
        await shop.core.inbox.mark_read(order.id)
        assert await shown(shop, order) is NOT_NOW

    story(told)


def test_one_is_an_ordinary_reply_while_the_offer_is_off() -> None:
    async def told(shop: Shop, order: Order) -> None:
        await wrote(shop, "A", "1")
        assert await shown(shop, order) is None
        assert (await shop.core.inbox.exchange(order.id)).unread == 1
        await shop.core.templates.pickup_offer.switch(on=True)
        assert await shown(shop, order) is ON_THE_WAY
        await shop.core.templates.pickup_offer.switch(on=False)
        assert await shown(shop, order) is None

    story(told, on=False)


def test_edits_and_deletions_of_the_reply_change_what_shows() -> None:
    async def told(shop: Shop, order: Order) -> None:
        await wrote(shop, "A", "1")
        await wrote(shop, "E1", "9", "edit", "A")
        assert await shown(shop, order) is NOT_NOW
        await wrote(shop, "B", "1")
        await wrote(shop, "D1", None, "deletion", "B")
        assert await shown(shop, order) is NOT_NOW
        await wrote(shop, "D2", None, "deletion", "A")
        assert await shown(shop, order) is None
        assert len([event for event in shop.events if isinstance(event, ReplyChanged)]) == 3

    story(told)


@pytest.mark.parametrize("status", ["completed", "cancelled", "expired"])
def test_finished_order_shows_no_choice(status: str) -> None:
    async def told(shop: Shop, order: Order) -> None:
        await wrote(shop, "A", "1")
        await shop.core.orders.advance(order.id, status)
        assert await shown(shop, order) is None

    story(told)


def test_choice_stays_when_the_source_takes_the_stage_back() -> None:
    async def told(shop: Shop, order: Order) -> None:
        await wrote(shop, "A", "1")
        await shop.see(replace(order, status="in_preparation"))
        assert await shown(shop, order) is ON_THE_WAY

    story(told)


def test_resent_ready_asks_anew_once_it_was_handed_over() -> None:
    async def told(shop: Shop, order: Order) -> None:
        await wrote(shop, "A", "9")
        await shop.core.queue.pause()
        await shop.pass_time(seconds=2)
        await shop.core.messages.resend(NotificationRequest(order.id, NotificationType.READY))
        assert await shown(shop, order) is NOT_NOW
        await shop.core.queue.resume()
        await shop.pass_time(seconds=2)
        assert await shown(shop, order) is None
        await wrote(shop, "B", "1")
        assert await shown(shop, order) is ON_THE_WAY

    story(told)


def test_one_before_ready_was_told_shows_nothing() -> None:
    async def played() -> None:
        async with open_shop() as shop:
            await shop.core.templates.pickup_offer.switch(on=True)
            order = shop.order(7, status="in_preparation")
            await shop.see(order)
            await wrote(shop, "A", "1")
            assert await shown(shop, order) is None
            await shop.pass_time(seconds=2)
            await shop.see(replace(order, status="ready"))
            assert await shown(shop, order) is None

    asyncio.run(played())


def test_one_of_another_number_shows_nothing() -> None:
    async def told(shop: Shop, order: Order) -> None:
        await shop.core.watcher.store_and_notify(replace(order, customer_phone=RUI.number))
        await wrote(shop, "A", "1")
        assert [reply.text for reply in (await shop.core.inbox.exchange(order.id)).replies] == ["1"]
        resent = await shop.core.messages.resend(NotificationRequest(order.id, NotificationType.READY))
        assert resent.success
        await wrote(shop, "B", "1")
        assert await shown(shop, order) is None

    story(told)


def test_one_of_the_other_form_of_the_number_shows_on_the_order() -> None:
    async def told(shop: Shop, order: Order) -> None:
        await shop.pass_time(seconds=2)
        await say(shop, "1", ANA_BEFORE_2016)
        assert await shown(shop, order) is ON_THE_WAY

    story(told)


def test_only_the_latest_texts_are_searched_for_a_choice() -> None:
    async def told(shop: Shop, order: Order) -> None:
        await wrote(shop, "A", "1")
        for number in range(9):
            await wrote(shop, f"B{number}", "já?")
        assert await shown(shop, order) is ON_THE_WAY
        await wrote(shop, "C", "já?")
        assert await shown(shop, order) is None

    story(told)
