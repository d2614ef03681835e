"""Suppression by opt-out of messages in flight, in doubt, or requested by a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.errors import (
    DatabaseUnreadableError,
    NotAllowedNowError,
    OptedOutError,
)
from app.domain.events import ProblemReported
from app.domain.identifiers import MessageId
from app.domain.notification import State, Suppression
from app.domain.order import NotificationType
from app.domain.receipt import Evidence, Receipt
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from app.services.messaging.records import NotificationRequest
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, first_words, say
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("X1")
T = TypeVar("T")


def test_attempt_in_preparation_is_not_handed_over_when_the_opt_out_comes() -> None:
    async def story(shop: Shop) -> None:
        find, order = shop.messenger.find_numbers, shop.order(1)

        async def slow(*asked: object) -> object:
            shop.messenger.find_numbers = find  # type: ignore[method-assign]
            await let_tasks_run()
            assert (await shop.message(order)).state is State.SENDING
            await shop.core.background.events.inbound_arrived(
                Inbound(MAIN, MessageId("A"), ANA, "text", "parar", shop.clock.now(), live=True)
            )
            return await find(*asked)  # type: ignore[arg-type]

        shop.messenger.find_numbers = slow  # type: ignore[method-assign, assignment]
        await shop.see(order)
        await let_tasks_run()
        assert first_words(shop) == ["Pronto"]
        assert (await shop.message(order)).reason == Suppression.OPTED_OUT

    in_shop(story)


@pytest.mark.parametrize("outcome", [Rejected(RejectionKind.TRANSIENT), InDoubt("socket_closed")])
def test_what_was_handed_over_may_finish_but_is_not_repeated(outcome: Rejected | InDoubt) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        order = shop.order(1)
        await shop.see(order)
        await say(shop, "parar")
        assert (await shop.message(order)).state is State.SENDING
        shop.messenger.outcomes.append(outcome)
        shop.messenger.gate.set()
        await let_tasks_run()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Oi", "Pronto"]
        assert (await shop.message(order)).reason == Suppression.OPTED_OUT

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_doubt_of_that_customer_is_not_repeated_and_late_evidence_counts() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        order = shop.order(1)
        await shop.see(order)
        await say(shop, "parar")
        doubted = await shop.message(order)
        assert doubted.state is State.SUPPRESSED
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Oi", "Pronto"]
        await shop.messenger.emit(Receipt(doubted.message_id, Evidence.DELIVERED, shop.clock.now()))
        assert (await shop.message(order)).state is State.DELIVERED

    in_shop(story)


def test_a_person_who_asks_for_a_message_is_told_why_not() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
        order = shop.order(1)
        await shop.see(order)
        await say(shop, "parar")
        request = NotificationRequest(order.id, NotificationType.READY)
        for result in (
            await shop.core.messages.send_notification(request),
            await shop.core.messages.send_custom_message(ANA_BEFORE_2016.number, "oi"),
        ):
            assert (result.success, result.error) == (False, "opted_out")
        with pytest.raises(OptedOutError):
            await shop.core.queue.retry((await shop.message(order)).id)
        assert await shop.core.queue.retry_failed_notifications() == 1
        await let_tasks_run()
        assert (await shop.message(order)).reason == Suppression.OPTED_OUT
        assert first_words(shop) == ["Oi", "Pronto"]

    in_shop(story)


def test_opt_out_that_cannot_be_recorded_still_closes_the_number() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        sound = shop.store.transact

        async def broken(_: Callable[[Rows], T]) -> T:
            raise DatabaseUnreadableError(reason="disk")

        shop.store.transact = broken  # type: ignore[method-assign, assignment]
        with pytest.raises(DatabaseUnreadableError):
            await say(shop, "parar")
        shop.store.transact = sound  # type: ignore[method-assign]
        await shop.see(order)
        assert shop.messenger.sends == []
        assert (await shop.message(order)).reason == Suppression.OPTED_OUT
        assert ProblemReported("opt_out_not_recorded") in shop.events

    in_shop(story)


def test_an_error_while_checking_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(shop.order(1))

        def fails(*_: object) -> None:
            raise DatabaseUnreadableError(reason="disk")

        monkeypatch.setattr("tests.simulators.memory_opt_outs.MemoryOptOutRows.in_force", fails)
        await shop.core.queue.resume()
        await shop.pass_time(minutes=5)
        assert shop.messenger.sends == []

    in_shop(story)


def test_a_message_whose_retention_is_over_cannot_be_retried() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
        order = shop.order(1)
        await shop.see(order)
        row = await shop.message(order)
        await shop.pass_time(hours=24)
        shop.clock.let_sleep(timedelta(days=90))
        await shop.pass_time(hours=24)
        assert (await shop.message(order)).is_erased
        with pytest.raises(NotAllowedNowError):
            await shop.core.queue.retry(row.id)
        assert await shop.core.queue.retry_failed_notifications() == 0

    in_shop(story)
