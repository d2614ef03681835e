"""Code to the shop's own number: over the queue, from the linked number to itself, and shown by no front end."""

import re

import pytest

from app.domain.contact import Contact
from app.domain.errors import NotAllowedNowError, PinCodeNotSendableError
from app.domain.events import NotificationChanged, NotificationQueued
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.session import SessionData
from app.headless.event_json import event_json
from app.headless.event_narrator import EventNarrator
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, in_shop, shop_choices
from tests.harness.window_shop import SENTENCES
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("X5")

PIN = "2468"
SHOP, OTHER = Phone("+5573988112233"), Phone("+5571977665544")
SECOND = SessionId("second")


async def _link(shop: Shop, session_id: SessionId = MAIN, phone: Phone = SHOP) -> None:
    """Open the connection of this number, as the manager links it."""
    shop.messenger.open_sessions.add(session_id)
    await shop.messenger.emit(LinkChanged(session_id, LinkState.OPEN, phone=phone))
    await shop.messenger.emit(LinkChanged(session_id, LinkState.DRAINED))
    await shop.pass_time(seconds=1)


async def _drop(shop: Shop) -> None:
    """Cut the connection; no new one opens."""
    shop.messenger.opens = False
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))


def _rows(shop: Shop) -> list[Notification]:
    """Return the codes as the events tell them, each in its latest state."""
    told = [each.notification for each in shop.events if isinstance(each, NotificationQueued)]
    moved = [each.notification for each in shop.events if isinstance(each, NotificationChanged)]
    latest = {row.id: row for row in [*told, *moved] if row.type is NotificationType.PIN_CODE}
    return list(latest.values())


def test_code_goes_once_from_the_linked_number_to_itself() -> None:
    async def story(shop: Shop) -> None:
        await _link(shop)
        await shop.core.access.gate.set_pin(PIN)
        assert await shop.core.access.reset_code.request() == SHOP
        await shop.pass_time(minutes=30)
        (send,) = shop.messenger.sends
        assert (send.session_id, send.jid.partition("@")[0]) == (MAIN, SHOP.number[1:])
        (code,) = re.findall(r"\*(\d{6})\*", send.text)
        assert "10 minutos" in send.text
        with pytest.raises(NotAllowedNowError):
            await shop.core.queue.retry(_rows(shop)[0].id)
        assert await shop.core.queue.retry_failed_notifications() == 0
        narrator = EventNarrator(SENTENCES)
        said = [(event_json(event), narrator.line(event)) for event in shop.events]
        assert code not in str(said)
        assert "pin_code" not in str(said)
        assert "código" not in str(said)

    in_shop(story)


def test_code_is_refused_without_a_connection() -> None:
    async def story(shop: Shop) -> None:
        await _link(shop)
        await shop.core.access.gate.set_pin(PIN)
        await _drop(shop)
        assert shop.core.access.reset_code.phone is None
        with pytest.raises(PinCodeNotSendableError) as refused:
            await shop.core.access.reset_code.request()
        assert refused.value.facts == {"reason": "not_connected"}

    in_shop(story)


def test_code_is_refused_while_the_queue_is_paused() -> None:
    async def story(shop: Shop) -> None:
        await _link(shop)
        await shop.core.access.gate.set_pin(PIN)
        await shop.core.queue.pause()
        with pytest.raises(PinCodeNotSendableError) as refused:
            await shop.core.access.reset_code.request()
        assert refused.value.facts == {"reason": "paused"}
        assert _rows(shop) == []

    in_shop(story)


def test_number_that_no_manager_linked_gets_no_code() -> None:
    async def story(shop: Shop) -> None:
        await _link(shop)
        await shop.core.access.gate.set_pin(PIN)
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
        await shop.core.connection.pair()
        await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=OTHER))
        await _link(shop, phone=OTHER)
        assert shop.core.access.reset_code.phone is None
        await shop.core.connection.pair()
        await _link(shop)
        assert shop.core.access.reset_code.phone == SHOP

    in_shop(story)


def test_code_that_could_not_leave_in_its_time_never_does() -> None:
    async def story(shop: Shop) -> None:
        await _link(shop)
        await shop.core.access.gate.set_pin(PIN)
        shop.messenger.open_sessions.discard(MAIN)
        await shop.core.access.reset_code.request()
        await _drop(shop)
        await shop.pass_time(minutes=11)
        await _link(shop)
        await shop.pass_time(minutes=2)
        assert shop.messenger.arrived == []
        (row,) = _rows(shop)
        assert (row.state, row.reason) == (State.SUPPRESSED, "stale")

    in_shop(story, choices=shop_choices(queue=QueuePolicy()))


def test_newer_code_cancels_one_that_has_not_left() -> None:
    async def story(shop: Shop) -> None:
        await _link(shop)
        await shop.core.access.gate.set_pin(PIN)
        shop.messenger.open_sessions.discard(MAIN)
        await shop.core.access.reset_code.request()
        await shop.core.access.reset_code.request()
        await let_tasks_run()
        shop.messenger.open_sessions.add(MAIN)
        await shop.pass_time(minutes=1)
        assert [row.state for row in _rows(shop)] == [State.CANCELLED, State.SENT]
        assert len(shop.messenger.arrived) == 1

    in_shop(story)


def test_number_writes_to_itself_though_another_is_its_sender() -> None:
    async def story(shop: Shop) -> None:
        known = Contact(SECOND, first_inbound_at=shop.clock.now())
        await shop.store.transact(lambda rows: rows.contacts.save(SHOP, known))
        await _link(shop)
        await shop.core.access.gate.set_pin(PIN)
        await shop.core.access.reset_code.request()
        await shop.pass_time(seconds=30)
        assert [each.session_id for each in shop.messenger.sends] == [MAIN]

    in_shop(story, choices=shop_choices(more_sessions=(SECOND,)))


def test_code_comes_to_the_first_number_that_is_connected() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.listener.session_changed(SessionData(SECOND, "d", paired=True, phone=OTHER))
        await _link(shop, SECOND, OTHER)
        assert shop.core.access.reset_code.phone == OTHER
        await _link(shop)
        assert shop.core.access.reset_code.phone == SHOP

    in_shop(story, paired=False, choices=shop_choices(more_sessions=(SECOND,)))
