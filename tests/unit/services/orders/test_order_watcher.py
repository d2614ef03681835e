"""Order watcher: changes of an order become messages in order, or a reason against them."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.attempt import InDoubt
from app.domain.errors import AlreadySentError
from app.domain.notification import Notification, State
from app.domain.order import STAGES, Order
from app.domain.receipt import Evidence, Receipt
from app.ports.messenger import LinkChanged, LinkState
from app.services.messaging.records import NotificationRequest
from tests.harness.shop import MAIN, Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run

PAYMENT, PREPARING, READY = STAGES


async def _outcomes(shop: Shop, order: Order) -> dict[str, str]:
    """State, or reason where it was not sent, of each message of the order."""
    rows = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
    return {row.type: row.reason if row.state is State.SUPPRESSED else row.state for row in rows}  # type: ignore[misc]


def _told(shop: Shop) -> list[str]:
    words = {"confirmado": "payment", "sendo preparado": "preparing", "*pronto*": "ready"}
    return [word for send in shop.messenger.sends for sign, word in words.items() if sign in send.text][:9]


@pytest.mark.requirement("A3")
def test_a_waiting_message_is_overtaken_by_a_later_stage() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        order = shop.order(1, status="in_preparation")
        await shop.see(order)
        await shop.see(advanced(order, "ready"))
        await shop.core.queue.resume()
        await let_tasks_run()
        assert await _outcomes(shop, order) == {PAYMENT: "superseded", PREPARING: "superseded", READY: "sent"}
        assert _told(shop) == ["ready"]

    in_shop(story)


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(("minutes", "outcome"), [(30, "sent"), (30.1, "stale")])
def test_a_message_that_waited_longer_than_its_time_to_live_is_old_news(minutes: float, outcome: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        order = shop.order(2)
        await shop.see(order)
        await shop.pass_time(minutes=minutes)
        await shop.core.queue.resume()
        await let_tasks_run()
        assert await _outcomes(shop, order) == {PAYMENT: outcome}

    in_shop(story)


@pytest.mark.requirement("A3")
def test_click_on_an_earlier_stage_is_refused_once_the_customer_knows_more() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(3, status="ready")
        await shop.see(order)
        result = await shop.core.messages.send_notification(NotificationRequest(order.id, PREPARING))
        assert result.error == "overtaken"
        assert _told(shop) == ["ready"]

    in_shop(story)


@pytest.mark.requirement("A4")
def test_first_sync_tells_no_stage_reached_before_and_every_later_one() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(4, status="in_preparation")
        await shop.core.watcher.catch_up([order])
        assert await _outcomes(shop, order) == {PAYMENT: "before_start", PREPARING: "before_start"}
        await shop.core.watcher.catch_up([advanced(order, "ready")])
        await let_tasks_run()
        assert _told(shop) == ["ready"]

    in_shop(story)


@pytest.mark.requirement("A4")
@pytest.mark.parametrize(("age", "outcome"), [(29, "sent"), (31, "stale")])
def test_change_while_the_shop_was_closed_is_told_if_it_is_still_news(age: int, outcome: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.watcher.catch_up([])
        order = replace(shop.order(5), stage_at=shop.clock.now() - timedelta(minutes=age))
        await shop.core.watcher.catch_up([order])
        await let_tasks_run()
        assert await _outcomes(shop, order) == {PAYMENT: outcome}

    in_shop(story)


@pytest.mark.requirement("A4")
@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (["pending_payment", "in_preparation"], ["preparing"]),
        (["in_preparation", "paid"], ["preparing"]),
        (["ready", "in_preparation", "ready", "paid"], ["ready"]),
        (["paid", "??", "", "preparing", "completed"], ["payment", "preparing"]),
        (["paid", "paid", "in_preparation", "preparing"], ["payment", "preparing"]),
    ],
)
def test_jumps_reversals_repeats_and_unknown_statuses(statuses: list[str], told: list[str]) -> None:
    async def story(shop: Shop) -> None:
        for status in statuses:
            await shop.see(shop.order(6, status=status))
        assert _told(shop) == told

    in_shop(story)


@pytest.mark.requirement("A4")
def test_a_payment_confirmed_after_the_preparation_began_is_not_told() -> None:
    async def story(shop: Shop) -> None:
        order = replace(shop.order(7, status="in_preparation"), payment_status="pending")
        await shop.see(order)
        await shop.see(replace(order, payment_status="confirmed"))
        assert _told(shop) == ["preparing"]
        waiter = replace(shop.order(8, status="pending"), payment_status="pending")
        await shop.see(waiter)
        await shop.see(replace(waiter, payment_status="confirmed"))
        assert _told(shop) == ["preparing", "payment"]

    in_shop(story)


@pytest.mark.requirement("A5")
@pytest.mark.parametrize("ending", [{"status": "cancelled"}, {"status": "expired"}, {"deleted": True}])
def test_an_order_that_is_no_more_has_its_waiting_messages_cancelled(ending: dict[str, object]) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        order = shop.order(9)
        await shop.see(order)
        await shop.see(replace(order, **ending))  # type: ignore[arg-type]
        await shop.core.queue.resume()
        await let_tasks_run()
        assert (await shop.message(order)).state is State.CANCELLED
        assert shop.messenger.sends == []

    in_shop(story)


class _Feed:
    def __init__(self, *orders: Order) -> None:
        self._orders = orders

    async def orders(self) -> AsyncIterator[Order]:
        for order in self._orders:
            yield order


@pytest.mark.requirement("A6")
def test_message_waits_five_seconds_for_the_items_and_goes_without_them() -> None:
    async def story(shop: Shop) -> None:
        order = replace(shop.order(10), items=())
        await shop.core.watcher.watch(_Feed(order))
        await shop.pass_time(seconds=4.9)
        assert shop.messenger.sends == []
        await shop.pass_time(seconds=0.1)
        assert "×" not in shop.messenger.sends[0].text

    in_shop(story)


@pytest.mark.requirement("A6")
def test_items_that_come_in_time_stand_in_the_message_which_leaves_at_once() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(11)
        await shop.core.watcher.watch(_Feed(replace(order, items=()), order))
        await let_tasks_run()
        assert ["2× Açaí 500 ml" in send.text for send in shop.messenger.sends] == [True]

    in_shop(story)


@pytest.mark.requirement("Q7")
@pytest.mark.parametrize(("waited", "sends"), [(4.9, 0), (5, 1)])
def test_a_click_can_be_taken_back_for_five_seconds(waited: float, sends: int) -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(13, status="pending_payment")
        await shop.see(order)
        await shop.core.orders.advance(order.id, "paid")
        await shop.pass_time(seconds=waited)
        clicked = await shop.message(order)
        with pytest.raises(AlreadySentError) if sends else nullcontext():
            await shop.core.queue.undo(clicked.id)
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.sends) == sends
        kept = await shop.store.read(lambda rows: rows.orders.get(order.id))
        assert kept is not None
        assert kept.status == "paid"

    in_shop(story, undo_window=timedelta(seconds=5))


async def _doubted(shop: Shop, number: int) -> Notification:
    shop.messenger.outcomes.append(InDoubt("socket_closed"))
    order = shop.order(number)
    await shop.see(order)
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await shop.pass_time(minutes=1)
    return await shop.message(order)


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize(("arrived", "sends"), [(True, 1), (False, 2)])
def test_shop_that_wants_to_be_asked_decides_itself_about_a_doubt(*, arrived: bool, sends: int) -> None:
    async def story(shop: Shop) -> None:
        doubted = await _doubted(shop, 14)
        assert (doubted.state, len(shop.messenger.sends)) == (State.IN_DOUBT, 1)
        await shop.core.queue.settle_doubt(doubted.id, arrived=arrived)
        await let_tasks_run()
        assert len(shop.messenger.sends) == sends
        assert len({send.message_id for send in shop.messenger.sends}) == 1

    in_shop(story, repeats_doubts=False)


@pytest.mark.requirement("Q4")
def test_a_later_stage_supersedes_a_doubt_and_late_evidence_still_counts() -> None:
    async def story(shop: Shop) -> None:
        doubted = await _doubted(shop, 15)
        await shop.see(shop.order(15, status="ready"))
        assert (await _outcomes(shop, shop.order(15)))[PAYMENT] == "superseded"
        assert _told(shop)[-1] == "ready"
        await shop.messenger.emit(Receipt(doubted.message_id, Evidence.DELIVERED, shop.clock.now()))
        assert (await _outcomes(shop, shop.order(15)))[PAYMENT] == "delivered"

    in_shop(story, repeats_doubts=False)


@pytest.mark.requirement("Q4")
def test_a_doubt_that_has_become_old_news_is_left_to_a_person() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        order = shop.order(16)
        await shop.see(order)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(minutes=31)
        shop.messenger.opens = True
        await shop.pass_time(minutes=3)
        assert ((await shop.message(order)).state, len(shop.messenger.sends)) == (State.IN_DOUBT, 1)

    in_shop(story)


@pytest.mark.requirement("A2")
def test_message_withheld_for_its_phone_goes_out_once_that_is_corrected() -> None:
    async def story(shop: Shop) -> None:
        wrong = shop.order(17, phone="não tem")
        await shop.see(wrong)
        await shop.see(shop.order(17))
        assert shop.messenger.sends == []
        await shop.core.messages.send_notification(NotificationRequest(wrong.id, PAYMENT))
        await let_tasks_run()
        assert [send.message_id for send in shop.messenger.sends] == [(await shop.message(wrong)).message_id]

    in_shop(story)
