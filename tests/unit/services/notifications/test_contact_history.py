"""Contact history of a session and a customer after each message."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.contact import Contact, is_cold
from app.domain.events import Event, NotificationChanged
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import State
from app.domain.phone import Phone, customer_forms
from app.domain.receipt import Evidence, Receipt
from app.ports.inbound import Inbound
from app.ports.store import Rows
from app.services.event_bus import EventBus
from app.services.notifications.contact_history import record_inbound, record_sent
from app.services.notifications.receipts import ReceiptRecorder
from tests.contracts.asked_store import ANA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

SECOND = SessionId("second")
DAY = timedelta(days=1)


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize(
    ("contact", "session_id", "after"),
    [
        (Contact(MAIN), MAIN, Contact(MAIN, first_inbound_at=NOW)),
        (Contact(MAIN), SECOND, Contact(SECOND, first_inbound_at=NOW)),
        (Contact(MAIN, first_inbound_at=NOW - SOON), MAIN, Contact(MAIN, first_inbound_at=NOW - SOON)),
        (
            Contact(MAIN, first_sent_at=NOW - SOON),
            MAIN,
            Contact(MAIN, first_inbound_at=NOW, first_sent_at=NOW - SOON),
        ),
        (Contact(MAIN, first_inbound_at=NOW - SOON), SECOND, Contact(MAIN, first_inbound_at=NOW - SOON)),
        (Contact(MAIN, first_sent_at=NOW - SOON), SECOND, Contact(MAIN, first_sent_at=NOW - SOON)),
    ],
)
def test_who_writes_first_chooses_the_number_and_the_first_moment_stays(
    contact: Contact, session_id: SessionId, after: Contact
) -> None:
    assert contact.with_inbound(session_id, NOW) == after


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize(
    ("contact", "session_id", "after"),
    [
        (Contact(MAIN), MAIN, Contact(MAIN, first_sent_at=NOW)),
        (Contact(MAIN, first_sent_at=NOW - SOON), MAIN, Contact(MAIN, first_sent_at=NOW - SOON)),
        (Contact(MAIN), SECOND, Contact(MAIN)),
    ],
)
def test_who_is_told_by_their_own_number_is_known_since_the_first_time(
    contact: Contact, session_id: SessionId, after: Contact
) -> None:
    assert contact.with_sent(session_id, NOW) == after


@pytest.mark.requirement("X2")
@pytest.mark.parametrize(
    ("contact", "cold"),
    [
        (None, True),
        (Contact(MAIN), True),
        (Contact(SECOND, first_sent_at=NOW), True),
        (Contact(MAIN, first_sent_at=NOW), False),
        (Contact(MAIN, first_inbound_at=NOW), False),
    ],
)
def test_the_first_word_between_the_two_is_a_cold_one(contact: Contact | None, *, cold: bool) -> None:
    assert is_cold(contact, MAIN) is cold


def contact_after(note: Callable[[Rows], None], before: Contact | None = None) -> Contact | None:
    asked = Asked(MemoryStore())
    if before:
        asked.transact(lambda rows: rows.contacts.save(ANA, before))
    asked.transact(note)
    return asked.read(lambda rows: rows.contacts.get(ANA))


@pytest.mark.requirement("X2")
@pytest.mark.requirement("Z3")
def test_what_was_sent_is_noted_with_our_own_moment() -> None:
    sent = owed(state=State.SENT, sending_at=NOW, sent_at=NOW - LATER)
    assert contact_after(lambda rows: record_sent(rows, sent)) == Contact(MAIN, first_sent_at=NOW)
    theirs = Contact(SECOND, first_inbound_at=NOW - LATER)
    assert contact_after(lambda rows: record_sent(rows, sent), theirs) == theirs


@pytest.mark.requirement("X2")
def test_record_sent_takes_the_first_of_several_and_skips_unsent() -> None:
    unsent = owed(state=State.FAILED, sending_at=NOW - LATER)
    sent = [owed(state=State.SENT, sending_at=NOW + at, sent_at=NOW + at) for at in (SOON, LATER)]
    assert contact_after(lambda rows: record_sent(rows, unsent, *sent)) == Contact(
        MAIN, first_sent_at=NOW + SOON
    )


@pytest.mark.requirement("Q9")
def test_what_a_customer_wrote_is_noted_with_the_number_they_wrote_to() -> None:
    written = Inbound(SECOND, MessageId("in"), ANA, "text", "oi", NOW, live=True)
    hers = Contact(SECOND, first_inbound_at=NOW)
    assert contact_after(lambda rows: record_inbound(rows, ANA, written, NOW)) == hers
    assert contact_after(lambda rows: record_inbound(rows, ANA, written, NOW), Contact(MAIN)) == hers
    spelt = replace(written, phone=Phone("+557399998537"))
    assert contact_after(lambda rows: record_inbound(rows, Phone("+557399998537"), spelt, NOW)) == hers


@pytest.mark.requirement("Z3")
@pytest.mark.parametrize(
    ("live", "off", "noted"), [(True, -DAY, NOW), (False, -DAY, NOW - DAY), (False, DAY, NOW)]
)
def test_note_wrote_takes_whatsapps_moment_only_of_what_waited_there(
    off: timedelta, noted: datetime, *, live: bool
) -> None:
    written = Inbound(MAIN, MessageId("in"), ANA, "text", "oi", NOW + off, live)
    assert contact_after(lambda rows: record_inbound(rows, ANA, written, NOW)) == Contact(
        MAIN, first_inbound_at=noted
    )


@pytest.mark.requirement("K1", "Q9")
def test_record_inbound_keeps_one_contact_for_every_spelling() -> None:
    asked, spelt = Asked(MemoryStore()), Phone("+557399998537")
    told = Contact(MAIN, first_sent_at=NOW)
    asked.transact(lambda rows: rows.contacts.save(ANA, told))
    written = Inbound(SECOND, MessageId("in"), spelt, "text", "oi", NOW, live=True)
    asked.transact(lambda rows: record_inbound(rows, spelt, written, NOW))
    assert asked.read(lambda rows: [rows.contacts.get(phone) for phone in (ANA, spelt)]) == [told, told]


def test_what_changes_nothing_is_not_written_down_again() -> None:
    class OnlyRead:
        def get(self, phone: Phone) -> Contact:
            assert phone in customer_forms(ANA)
            return Contact(MAIN, first_inbound_at=NOW, first_sent_at=NOW)

        def get_all(self, phones: Sequence[Phone]) -> Mapping[Phone, Contact]:
            return {phone: self.get(phone) for phone in phones}

    class Book:
        contacts = OnlyRead()

    later = NOW + LATER
    record_sent(Book(), owed(state=State.SENT, sent_at=later))  # type: ignore[arg-type]
    written = Inbound(MAIN, MessageId("in"), ANA, "text", "oi", later, live=True)
    record_inbound(Book(), ANA, written, later)  # type: ignore[arg-type]


@pytest.mark.requirement("S6")
def test_word_of_a_message_is_kept_told_and_makes_its_customer_known() -> None:
    asked, bus, events, clock = Asked(MemoryStore()), EventBus(), list[Event](), MovedClock(NOW + LATER)
    bus.subscribe(Event, events.append)
    sending = owed(state=State.SENDING, sending_at=NOW, seq=1)
    asked.add(sending)
    asked.save(sending)
    receipts, told_at = ReceiptRecorder(asked.store, bus, clock), NOW + SOON
    asyncio.run(receipts.record([Receipt(sending.message_id, Evidence.ACCEPTED, told_at)]))
    sent = replace(sending, state=State.SENT, sent_at=told_at, changed_at=clock.now())
    assert asked.read(lambda rows: rows.notifications.get(sending.id)) == sent
    assert asked.read(lambda rows: rows.contacts.get(ANA)) == Contact(MAIN, first_sent_at=NOW)
    assert events == [NotificationChanged(sent)]
    again = Receipt(sending.message_id, Evidence.ACCEPTED, NOW + LATER)
    stranger = Receipt(MessageId("unknown"), Evidence.READ, NOW)
    for silent in (again, stranger):
        asyncio.run(receipts.record([silent]))
    assert events == [NotificationChanged(sent)]
