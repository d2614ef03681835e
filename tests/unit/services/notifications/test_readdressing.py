"""Readdressing: a retry goes to the order's present number, never to the wrong one."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.errors import InvalidPhoneError
from app.domain.identifiers import OrderId, notification_id
from app.domain.notification import Notification, State
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType
from app.domain.phone import customer_forms
from app.ports.messenger import LinkChanged, LinkState
from app.services.notifications.queue_manager import NotificationQueueManager
from tests.contracts.asked_store import ANA, BIA, NOW
from tests.harness.shop import MAIN, Shop, in_shop
from tests.unit.services.notifications.test_queue_manager import QueueHarness, old, retried
from tests.unit.services.notifications.test_suppression_ended_order import queue_with_order

pytestmark = pytest.mark.requirement("Q4", "Q6")
Act = Callable[[NotificationQueueManager, Notification], Coroutine[Any, Any, object]]


async def _retry(queue: NotificationQueueManager, row: Notification) -> None:
    assert (await queue.retry(row.id)).phone == BIA


async def _retry_failed(queue: NotificationQueueManager, _: Notification) -> None:
    assert await queue.retry_failed_notifications() == 1


async def _send_again(queue: NotificationQueueManager, row: Notification) -> None:
    assert (await queue.settle_doubt(row.id, arrived=False)).phone == BIA


@pytest.mark.parametrize(
    ("state", "act"),
    [(State.FAILED, _retry), (State.FAILED, _retry_failed), (State.IN_DOUBT, _send_again)],
    ids=["retry", "retry_failed", "settle_doubt"],
)
def test_another_try_goes_to_the_new_number_when_the_order_has_one(state: State, act: Act) -> None:
    row = old(state)
    harness = queue_with_order(row, customer_phone=BIA.number)
    harness.act(act(harness.queue, row))
    cancelled, sent = _of_order(harness, row)
    assert (cancelled.state, cancelled.phone) == (State.CANCELLED, ANA)
    assert (sent.state, sent.phone, sent.text, sent.occurrence) == (State.PENDING, BIA, row.text, 2)
    assert sent.id == notification_id(OrderId("o1"), row.type, 2)
    assert cancelled.changed_at == NOW
    assert sent.message_id != row.message_id
    assert (sent.scheduled_at, sent.stage_at, sent.sending_at) == (NOW, NOW, None)


def test_another_try_keeps_the_number_that_is_only_spelt_anew() -> None:
    row = old(State.FAILED)
    other = next(form for form in customer_forms(ANA) if form != ANA)
    harness = queue_with_order(row, customer_phone=other.number)
    assert harness.act(harness.queue.retry(row.id)) == retried(row)


def test_an_answer_keeps_the_number_it_was_written_to() -> None:
    row = old(State.FAILED, type=NotificationType.REPLY)
    harness = queue_with_order(row, customer_phone=BIA.number)
    assert harness.act(harness.queue.retry(row.id)) == retried(row)


def test_another_try_is_refused_when_the_order_has_no_number_any_more() -> None:
    row = old(State.FAILED)
    harness = queue_with_order(row, customer_phone="")
    with pytest.raises(InvalidPhoneError):
        harness.act(harness.queue.retry(row.id))
    assert harness.act(harness.queue.retry_failed_notifications()) == 0
    assert harness.kept(row) == row


def test_retry_failed_is_no_message_to_a_new_number_that_opted_out() -> None:
    row = old(State.FAILED)
    harness = queue_with_order(row, customer_phone=BIA.number)
    harness.asked.transact(lambda rows: rows.opt_outs.add(BIA, OptOut(NOW, OptOutSource.CUSTOMER)))
    assert harness.act(harness.queue.retry_failed_notifications()) == 0
    assert [each.state for each in _of_order(harness, row)] == [State.CANCELLED, State.SUPPRESSED]


def _of_order(harness: QueueHarness, row: Notification) -> list[Notification]:
    order_id = row.order_id
    assert order_id is not None
    return list(harness.asked.read(lambda rows: rows.notifications.of_order(order_id)))


@pytest.mark.parametrize(
    "outcome",
    [Rejected(RejectionKind.TRANSIENT), InDoubt("socket_closed")],
    ids=["to be retried", "in doubt"],
)
def test_nothing_is_repeated_to_the_old_number_when_the_order_gets_another(outcome: Outcome) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(outcome)
        order = shop.order(1, phone=ANA.number)
        await shop.see(order)
        await shop.see(replace(order, customer_phone=BIA.number))
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(minutes=5)
        told = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
        assert [(row.state, row.phone) for row in told] == [(State.CANCELLED, ANA), (State.SENT, BIA)]
        assert len(shop.messenger.sends) == 2

    in_shop(story)


@pytest.mark.requirement("Z1")
@pytest.mark.parametrize("text", ["", "Oi {{nome}}"], ids=["unreadable", "not to be sent any more"])
def test_an_order_is_kept_when_its_message_cannot_be_readdressed(text: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(order := shop.order(1, phone=ANA.number))
        row = replace(await shop.message(order), text=text)
        await shop.store.transact(lambda rows: rows.notifications.rewrite(row))
        begun = replace(row, sending_at=shop.clock.now())
        await shop.store.transact(lambda rows: rows.notifications.save(begun))
        await shop.see(replace(order, customer_phone=BIA.number))
        kept = await shop.store.read(lambda rows: rows.orders.get(order.id))
        assert kept is not None
        assert kept.customer_phone == BIA.number

    in_shop(story)
