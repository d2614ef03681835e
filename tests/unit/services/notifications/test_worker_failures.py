"""Worker: failures around the queue end neither the worker nor a customer's turn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.account import WhatsAppAccount
from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.errors import DatabaseUnreadableError, NotAllowedNowError, SupersededError
from app.domain.events import ProblemReported
from app.domain.notification import State
from app.domain.order import NotificationType, OrderItem
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from app.services.messaging.records import NotificationRequest
from tests.harness.shop import MAIN, Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run

T = TypeVar("T")
PAYMENT = NotificationType.PAYMENT_CONFIRMED


class _RefusingStore:
    """Refuses every transaction while `refuses`, like a disk that another program holds."""

    def __init__(self, shop: Shop) -> None:
        self._sound = shop.store.transact
        self.refuses = False
        shop.store.transact = self.transact  # type: ignore[method-assign]

    async def transact(self, work: Callable[[Rows], T]) -> T:
        if self.refuses:
            raise DatabaseUnreadableError(reason="locked")
        return await self._sound(work)


@pytest.mark.requirement("Q4")
def test_database_that_refuses_for_a_while_ends_and_repeats_nothing() -> None:
    async def story(shop: Shop) -> None:
        store = _RefusingStore(shop)
        shop.messenger.gate.clear()
        await shop.see(shop.order(1))
        store.refuses = True
        shop.messenger.gate.set()
        await shop.pass_time(seconds=10)
        assert ProblemReported("database_unreadable") in shop.events
        store.refuses = False
        await shop.pass_time(seconds=2)
        assert (await shop.message(shop.order(1))).state is State.SENT
        await shop.see(shop.order(2))
        assert (await shop.message(shop.order(2))).state is State.SENT
        assert len(shop.messenger.sends) == 2

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_a_doubt_on_a_connection_that_seems_open_is_settled_over_a_new_one() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("sidecar_failed"))
        await shop.see(shop.order(3))
        await shop.pass_time(seconds=30)
        assert len(shop.messenger.connects) == 2
        assert (await shop.message(shop.order(3))).state is State.SENT

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_doubt_newer_than_the_connection_waits_for_its_own_evidence_time() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([InDoubt("socket_closed")] * 2)
        await shop.see(shop.order(4))
        shop.messenger.opens = False
        for seconds in (2, 1):
            await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            await shop.pass_time(seconds=seconds)
            for state in (LinkState.OPEN, LinkState.DRAINED):
                await shop.messenger.emit(LinkChanged(MAIN, state))
        await shop.pass_time(seconds=2.9)
        assert len(shop.messenger.sends) <= 2
        assert len({send.message_id for send in shop.messenger.sends}) == 1

    in_shop(story)


@pytest.mark.requirement("P2")
def test_who_gets_whatsapp_later_is_told_when_somebody_asks_again() -> None:
    async def story(shop: Shop) -> None:
        order, phone = shop.order(5), Phone("+5573999548537")
        shop.messenger.answers[phone] = None
        await shop.see(order)
        shop.messenger.answers[phone] = WhatsAppAccount("5573999548537@s.whatsapp.net")
        assert (await shop.core.messages.send_notification(NotificationRequest(order.id, PAYMENT))).success
        await let_tasks_run()
        assert (await shop.message(order)).state is State.SENT

    in_shop(story)


@pytest.mark.requirement("Q6")
def test_a_click_that_would_send_nothing_says_so() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 400))
        order = shop.order(6)
        await shop.see(order)
        request = NotificationRequest(order.id, PAYMENT)
        assert (await shop.core.messages.send_notification(request)).error == "not_allowed_now"
        await shop.core.queue.retry((await shop.message(order)).id)
        await let_tasks_run()
        assert (await shop.core.messages.send_notification(request)).success
        assert len(shop.messenger.sends) == 2

    in_shop(story)


@pytest.mark.requirement("Q6")
def test_a_doubt_can_be_cancelled_and_what_its_order_waits_for_goes_on() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        await shop.see(shop.order(7))
        answer = await shop.core.inbox.answer(shop.order(7).id, "Já sai!")
        await let_tasks_run()
        assert len(shop.messenger.sends) == 1
        await shop.core.queue.cancel((await shop.message(shop.order(7))).id)
        await let_tasks_run()
        assert [send.message_id for send in shop.messenger.sends[1:]] == [answer.message_id]

    in_shop(story, repeats_doubts=False)


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        ({"customer_phone": "+5573988887777"}, "5573988887777@"),
        ({"customer_name": "Iara"}, "Iara"),
        ({"items": (OrderItem("Tapioca", 3, 1),)}, "3× Tapioca"),  # type: ignore[arg-type]
    ],
)
def test_what_is_corrected_before_it_leaves_is_right_when_it_leaves(
    correction: dict[str, str], said: str
) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(shop.order(9))
        await shop.see(replace(shop.order(9), **correction))  # type: ignore[arg-type]
        await shop.core.queue.resume()
        await let_tasks_run()
        (send,) = shop.messenger.sends
        assert said in f"{send.jid} {send.text}"

    in_shop(story)


def test_a_phone_that_is_made_impossible_keeps_the_message_back() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(shop.order(10))
        await shop.see(shop.order(10, phone="perdi"))
        await shop.core.queue.resume()
        await let_tasks_run()
        assert (await shop.message(shop.order(10))).reason == "invalid_phone"
        assert shop.messenger.sends == []

    in_shop(story)


@pytest.mark.requirement("S2")
def test_a_network_that_is_down_is_no_reason_to_lose_a_session() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        with pytest.raises(NotAllowedNowError):
            await shop.core.connection.pair()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
        assert shop.core.connection.get_connection_status().state is ConnectionState.BLOCKED
        await shop.core.connection.pair()
        assert shop.messenger.connects[-1].credentials == ""

    in_shop(story)


def test_a_refused_connection_before_any_code_was_shown_is_tried_again() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.core.connection.pair()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408))
        await shop.clock.advance(timedelta(seconds=2))
        assert len(shop.messenger.connects) == 2

    in_shop(story, paired=False)


@pytest.mark.requirement("A3")
@pytest.mark.requirement("Q6")
def test_what_failed_is_not_tried_again_once_its_customer_knows_more() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 400))
        order = shop.order(9)
        await shop.see(order)
        await shop.see(advanced(order, "ready"))
        with pytest.raises(SupersededError):
            await shop.core.queue.retry((await shop.message(order)).id)
        assert await shop.core.queue.retry_failed_notifications() == 0
        assert len(shop.messenger.sends) == 2
        payment = NotificationRequest(order.id, PAYMENT)
        assert (await shop.core.messages.resend(payment)).error == "overtaken"

    in_shop(story)


@pytest.mark.requirement("A3", "Q6")
def test_of_an_orders_failed_stages_the_last_one_alone_is_tried_again() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([Rejected(RejectionKind.REFUSED, 400)] * 2)
        order = shop.order(9)
        await shop.see(advanced(order, "preparing"))
        await shop.see(advanced(order, "ready"))
        assert await shop.core.queue.retry_failed_notifications() == 1
        await let_tasks_run()
        assert (await shop.message(order, NotificationType.PREPARING)).state is State.FAILED
        assert (await shop.message(order, NotificationType.READY)).state is State.SENT
        assert len(shop.messenger.sends) == 3

    in_shop(story)


@pytest.mark.requirement("A3", "Q6")
def test_later_stage_tried_again_supersedes_an_earlier_one_that_waits() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([Rejected(RejectionKind.REFUSED, 400)] * 2)
        order = shop.order(9)
        await shop.see(advanced(order, "preparing"))
        await shop.see(advanced(order, "ready"))
        await shop.core.queue.pause()
        for stage in (NotificationType.PREPARING, NotificationType.READY):
            await shop.core.queue.retry((await shop.message(order, stage)).id)
        earlier = await shop.message(order, NotificationType.PREPARING)
        assert (earlier.state, earlier.reason) == (State.SUPPRESSED, "superseded")
        await shop.core.queue.resume()
        await let_tasks_run()
        assert (await shop.message(order, NotificationType.READY)).state is State.SENT
        assert len(shop.messenger.sends) == 3

    in_shop(story)


@pytest.mark.requirement("A5")
@pytest.mark.parametrize(
    "end", [Rejected(RejectionKind.TRANSIENT), Rejected(RejectionKind.NOT_CONNECTED), InDoubt("ack_timeout")]
)
def test_order_that_ends_while_its_message_is_in_flight_is_not_told_again(end: Outcome) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        shop.messenger.outcomes.append(end)
        order = shop.order(9)
        await shop.see(order)
        await shop.see(advanced(order, "cancelled"))
        shop.messenger.gate.set()
        await shop.pass_time(minutes=1)
        assert (await shop.message(order)).state is State.CANCELLED
        assert len(shop.messenger.sends) == 1

    in_shop(story)
