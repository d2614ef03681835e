"""Registry of customers whose waiting messages are not read yet."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address, Lid
from app.domain.offline_queue import OfflineQueuePolicy
from app.domain.phone import Phone
from app.ports.inbound import UnreadMessage
from app.services.connection.unread_senders import UnreadSenders
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X1")
MAIN, OTHER = SessionId("main"), SessionId("other")
ANA, RUI, LID = Phone("+5573999548537"), Phone("+5573988887777"), Lid("4711@lid")
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def unread(message_id: str, *addresses: Address) -> UnreadMessage:
    return UnreadMessage(MessageId(message_id), addresses)


def run(story: Callable[[UnreadSenders, MovedClock], Coroutine[Any, Any, None]]) -> None:
    clock = MovedClock()
    asyncio.run(story(UnreadSenders(clock, OfflineQueuePolicy()), clock))


def test_senders_hold_a_writer_until_each_of_the_messages_is_removed() -> None:
    async def story(senders: UnreadSenders, _: MovedClock) -> None:
        for message in (unread("A1", ANA), unread("A2", ANA, LID), unread("B1", RUI)):
            senders.add(MAIN, 1, message)
        senders.remove(MAIN, MessageId("A2"))
        assert senders.addresses() == {ANA, RUI}
        for message_id in ("A1", "B1", "unknown"):
            senders.remove(MAIN, MessageId(message_id))
        assert senders.addresses() == frozenset()

    run(story)


def test_senders_add_an_address_that_becomes_known_later() -> None:
    async def story(senders: UnreadSenders, _: MovedClock) -> None:
        senders.add(MAIN, 1, unread("A1", LID))
        senders.add(MAIN, 1, unread("A1", ANA))
        assert senders.addresses() == {ANA, LID}
        senders.remove(MAIN, MessageId("A1"))
        assert senders.addresses() == frozenset()

    run(story)


def test_senders_forget_what_only_an_earlier_connection_brought() -> None:
    async def story(senders: UnreadSenders, _: MovedClock) -> None:
        senders.add(MAIN, 1, unread("A1", ANA))
        senders.add(MAIN, 1, unread("B1", RUI))
        senders.add(OTHER, 1, unread("C1", LID))
        senders.add(MAIN, 2, unread("B1", RUI))
        senders.forget_older(MAIN, 2)
        assert senders.addresses() == {RUI, LID}

    run(story)


def test_senders_release_and_log_a_message_that_stays_unread(caplog: pytest.LogCaptureFixture) -> None:
    async def story(senders: UnreadSenders, clock: MovedClock) -> None:
        senders.add(MAIN, 1, unread("A1", ANA))
        await clock.advance(6 * MINUTE)
        # A connection that is lost again and again must not hold it for good.
        senders.add(MAIN, 2, unread("A1", ANA))
        senders.add(MAIN, 2, unread("B1", RUI))
        await clock.advance(4 * MINUTE - timedelta(seconds=1))
        assert senders.addresses() == {ANA, RUI}
        await clock.advance(timedelta(seconds=1))
        assert senders.addresses() == {RUI}

    with caplog.at_level(logging.WARNING):
        run(story)
    (record,) = caplog.records
    assert (record.message, record.__dict__["messages"]) == ("unread_senders_released", 1)
    assert ANA.number not in str(record.__dict__)


def test_senders_hold_no_longer_when_an_overdue_message_comes_again() -> None:
    async def story(senders: UnreadSenders, clock: MovedClock) -> None:
        assert senders.add(MAIN, 1, unread("A1", ANA))
        await clock.advance(10 * MINUTE)
        assert senders.addresses() == frozenset()
        senders.await_resend(MAIN, MessageId("A1"))
        for generation in (2, 3):
            assert not senders.add(MAIN, generation, unread("A1", ANA))
            senders.forget_older(MAIN, generation)
            assert senders.addresses() == frozenset()
        senders.forget_older(MAIN, 4)
        assert senders.add(MAIN, 4, unread("A1", ANA))

    run(story)


def test_senders_hold_the_writer_of_an_undecrypted_message_for_a_minute() -> None:
    async def story(senders: UnreadSenders, clock: MovedClock) -> None:
        senders.add(MAIN, 1, unread("A1", ANA))
        senders.await_resend(MAIN, MessageId("A1"))
        senders.remove(MAIN, MessageId("A1"))
        await clock.advance(MINUTE - SECOND)
        # The answer of the phone is not decrypted either, and a lost connection proves nothing.
        senders.await_resend(MAIN, MessageId("A1"))
        senders.forget_older(MAIN, 2)
        assert senders.addresses() == {ANA}
        await clock.advance(SECOND)
        assert senders.addresses() == frozenset()

    run(story)


def test_senders_release_the_writer_when_the_message_is_sent_again() -> None:
    async def story(senders: UnreadSenders, _: MovedClock) -> None:
        senders.add(MAIN, 1, unread("A1", ANA))
        senders.await_resend(MAIN, MessageId("A1"))
        senders.remove(MAIN, MessageId("A1"))
        assert senders.end_resend(MAIN, MessageId("A1"))
        assert senders.addresses() == frozenset()
        assert not senders.end_resend(MAIN, MessageId("A1"))

    run(story)


def test_senders_keep_awaiting_a_message_whose_writer_gains_an_address() -> None:
    async def story(senders: UnreadSenders, _: MovedClock) -> None:
        senders.add(MAIN, 1, unread("A1", LID))
        senders.await_resend(MAIN, MessageId("A1"))
        senders.add(MAIN, 1, unread("A1", ANA))
        senders.remove(MAIN, MessageId("A1"))
        assert senders.addresses() == {ANA, LID}

    run(story)


def test_senders_wait_for_a_resent_message_that_waited_in_its_turn() -> None:
    async def story(senders: UnreadSenders, clock: MovedClock) -> None:
        senders.add(MAIN, 1, unread("A1", ANA))
        senders.await_resend(MAIN, MessageId("A1"))
        senders.add(MAIN, 2, unread("A1", ANA))
        await clock.advance(2 * MINUTE)
        assert senders.addresses() == {ANA}
        assert not senders.end_resend(MAIN, MessageId("A1"))
        senders.remove(MAIN, MessageId("A1"))
        assert senders.addresses() == frozenset()

    run(story)


def test_senders_hold_nobody_for_a_live_message_that_is_not_decrypted() -> None:
    async def story(senders: UnreadSenders, _: MovedClock) -> None:
        senders.await_resend(MAIN, MessageId("A1"))
        assert senders.addresses() == frozenset()

    run(story)
