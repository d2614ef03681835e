"""Order watcher: source values never reach a wrong customer, on disk and in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.claim_text import claim_text
from app.domain.identifiers import MessageId, OrderId
from app.domain.notification import State, Suppression
from app.domain.order import STAGES, NotificationType, Order
from app.domain.order_merge import without_content
from app.domain.queue_policy import QueuePolicy
from app.ports.store import Rows, Store
from app.services.messaging.records import NotificationRequest
from tests.harness.customer_words import ANA, RUI, say
from tests.harness.every_notification import in_state
from tests.harness.greeted_shop import consents, order_now, replies, to
from tests.harness.opened_store import open_training_store
from tests.harness.shop import Shop, advanced, in_shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run

PAYMENT, PREPARING, READY = STAGES
DAY = timedelta(days=1)
Story = Callable[[Shop], Awaitable[None]]
InBoth = Callable[[Story], None]


@pytest.fixture(params=["sqlite", "memory"])
def in_both(request: pytest.FixtureRequest, tmp_path: Path) -> InBoth:
    """Tell the same story to a shop on disk and to one in memory."""

    def run(story: Story) -> None:
        async def day() -> None:
            clock = MovedClock()
            on_disk = request.param == "sqlite"
            store: Store = open_training_store(tmp_path, clock=clock) if on_disk else MemoryStore()
            async with open_shop(store=store, clock=clock) as shop:
                await story(shop)

        asyncio.run(day())

    return run


async def _settled(shop: Shop) -> None:
    """Until nothing waits to be sent; a worker with a real disk needs more turns of the loop."""
    while await shop.store.read(_waiting):
        await let_tasks_run()


def _waiting(rows: Rows) -> bool:
    return any(in_state(rows, state) for state in (State.PENDING, State.SENDING))


async def _reasons(shop: Shop, order: Order) -> dict[NotificationType, str | None]:
    rows = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
    return {row.type: row.reason if row.state is State.SUPPRESSED else row.state for row in rows}


@pytest.mark.requirement("A5")
def test_deleted_order_is_not_told_when_its_customer_writes(in_both: InBoth) -> None:
    async def story(shop: Shop) -> None:
        order = replace(shop.order(7, phone="", status="paid"), deleted=True)
        await shop.see(order)
        assert (await order_now(shop, order)).deleted
        await say(shop, claim_text(7), ANA, message_id="3A1")
        await _settled(shop)
        assert to(shop) == []
        assert await _reasons(shop, order) == {}
        assert await consents(shop, order) == []

    in_both(story)


@pytest.mark.requirement("A5")
@pytest.mark.parametrize("over", [{"status": "cancelled"}, {"deleted": True}])
def test_nobody_is_told_of_an_order_that_is_over_by_a_click(over: dict[str, Any]) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7))
        await shop.see(replace(order, **over))
        for kind in (PAYMENT, READY):
            asked = NotificationRequest(order.id, kind)
            assert (await shop.core.messages.send_notification(asked)).error == "order_over"
        resent = await shop.core.messages.resend(NotificationRequest(order.id, PAYMENT))
        assert resent.error == "order_over"
        assert len(to(shop)) == 1
        assert (await shop.core.inbox.answer(order.id, "Cancelei o pedido.")).success

    in_shop(story)


@pytest.mark.requirement("C4")
def test_number_means_the_older_live_order_where_the_newer_was_deleted(in_both: InBoth) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(live := shop.order(7, phone=""))
        await shop.pass_time(minutes=1)
        await shop.see(replace(shop.order(8, phone=""), number=7, deleted=True))
        await say(shop, claim_text(7), ANA)
        assert (await order_now(shop, live)).customer_phone == ANA.number
        assert await replies(shop, live) == [claim_text(7)]

    in_both(story)


def test_chosen_number_outlives_the_next_word_of_the_source(in_both: InBoth) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="pending_payment"))
        await say(shop, claim_text(7), RUI, message_id="3A1")
        await shop.core.claims.use_number(order.id, MessageId("3A1"))
        await shop.see(advanced(order, "paid"))
        await _settled(shop)
        kept = await order_now(shop, order)
        assert (kept.customer_phone, kept.source_phone) == (RUI.number, ANA.number)
        assert to(shop) == [f"{RUI.number[1:]}@s.whatsapp.net"]
        await shop.see(replace(order, customer_phone="+5573911111111", status="ready"))
        kept = await order_now(shop, order)
        assert (kept.customer_phone, kept.source_phone) == (RUI.number, "+5573911111111")

    in_both(story)


@pytest.mark.requirement("K3")
def test_number_its_customer_gave_outlives_one_the_source_learns_later(in_both: InBoth) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, phone="", status="pending_payment"))
        await say(shop, claim_text(7), ANA)
        await shop.see(replace(order, customer_phone=RUI.number, status="paid"))
        kept = await order_now(shop, order)
        assert (kept.customer_phone, kept.source_phone) == (ANA.number, RUI.number)

    in_both(story)


@pytest.mark.requirement("X6")
def test_word_about_an_emptied_order_moves_it_and_tells_nobody(in_both: InBoth) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7))
        await _settled(shop)
        until = shop.clock.now() + DAY
        await shop.store.transact(lambda rows: rows.retention.date(until - DAY, until - DAY, 200))
        assert await shop.store.transact(lambda rows: rows.retention.empty(until, until, 200)) == 3
        for status in ("paid", "ready"):
            await shop.see(advanced(order, status))
        await _settled(shop)
        assert await order_now(shop, order) == without_content(advanced(order, "ready"))
        rows = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
        assert [(row.type, row.state, row.is_erased) for row in rows] == [(PAYMENT, State.SENT, True)]
        assert len(to(shop)) == 1

    in_both(story)


@pytest.mark.requirement("X6")
def test_first_word_about_an_order_past_its_retention_is_kept_empty(in_both: InBoth) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(today := shop.order(1))
        old = replace(shop.order(7), created_at=shop.clock.now() - 91 * DAY)
        await shop.see(old)
        await shop.see(advanced(old, "ready"))
        await _settled(shop)
        assert await order_now(shop, old) == without_content(advanced(old, "ready"))
        assert await _reasons(shop, old) == {}
        assert (await order_now(shop, today)).customer_phone == ANA.number
        assert len(to(shop)) == 1

    in_both(story)


@pytest.mark.requirement("Z3")
def test_clock_set_far_ahead_empties_nothing_that_comes_in() -> None:
    async def story(shop: Shop) -> None:
        yesterday = replace(shop.order(1, status="completed"), created_at=shop.clock.now() - 401 * DAY)
        await shop.store.transact(lambda rows: rows.orders.save(yesterday))
        order = replace(shop.order(7), created_at=shop.clock.now() - 400 * DAY)
        await shop.see(order)
        assert await order_now(shop, order) == order
        message = await shop.message(order)
        assert (message.reason, message.is_untold) == (Suppression.STALE, True)
        assert (await shop.core.messages.send_notification(NotificationRequest(order.id, PAYMENT))).success
        await let_tasks_run()
        assert len(to(shop)) == 1

    in_shop(story)


def test_first_order_of_all_is_kept_whole_whatever_the_clock_says() -> None:
    async def story(shop: Shop) -> None:
        order = replace(shop.order(7), created_at=shop.clock.now() - 400 * DAY)
        await shop.see(order)
        assert await order_now(shop, order) == order
        assert to(shop) == []

    in_shop(story)


@pytest.mark.requirement("A4")
@pytest.mark.parametrize(("age", "outcome"), [(29, "sent"), (31, "stale")])
def test_stage_is_as_old_as_its_source_once_said(age: int, outcome: str) -> None:
    """The words were switched off when it was reached; what is said without a moment later is no news."""

    async def story(shop: Shop) -> None:
        template = shop.core.templates.get_template(PAYMENT)
        await shop.core.templates.update_template(replace(template, is_active=False))
        order = shop.order(7)
        await shop.see(replace(order, stage_at=shop.clock.now()))
        assert (await order_now(shop, order)).stage_at == shop.clock.now()
        await shop.pass_time(minutes=age)
        await shop.core.templates.update_template(template)
        await shop.see(order)
        assert await _reasons(shop, order) == {PAYMENT: outcome}

    in_shop(story, choices=shop_choices(queue=QueuePolicy()))


@pytest.mark.requirement("A4")
def test_next_stage_is_not_as_old_as_the_one_before() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(7)
        await shop.see(replace(order, stage_at=shop.clock.now()))
        await shop.pass_time(hours=2)
        await shop.core.orders.advance(order.id, "ready")
        await let_tasks_run()
        assert (await shop.message(order, READY)).state is State.SENT

    in_shop(story, choices=shop_choices(queue=QueuePolicy()))


@pytest.mark.requirement("A4")
def test_order_whose_status_goes_back_makes_nothing_new() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="completed"))
        await shop.see(replace(order, status="ready"))
        await shop.pass_time(minutes=1)
        assert shop.messenger.sends == []

    in_shop(story)


@pytest.mark.requirement("A4")
def test_order_that_its_source_reopens_is_announced_again() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="cancelled"))
        await shop.see(replace(order, status="ready"))
        await let_tasks_run()
        assert (await shop.message(order, READY)).state is State.SENT

    in_shop(story)


def test_unknown_order_cannot_be_advanced(in_both: InBoth) -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(Exception, match="unknown_order"):
            await shop.core.orders.advance(OrderId("none"), "ready")

    in_both(story)
