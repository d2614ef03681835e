"""Contact history: first message each way, and what becomes of two histories of one customer."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.contact import Contact, is_cold, merged_contacts
from app.domain.identifiers import SessionId

pytestmark = pytest.mark.requirement("K1", "X2", "Q9")

MAIN, SECOND = SessionId("main"), SessionId("second")
NOW = datetime(2026, 1, 10, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (Contact(MAIN, NOW, LATER), Contact(MAIN, LATER, NOW), Contact(MAIN, NOW, NOW)),
        (Contact(MAIN, NOW), Contact(MAIN, None, NOW), Contact(MAIN, NOW, NOW)),
        (Contact(MAIN), Contact(MAIN), Contact(MAIN)),
        (Contact(MAIN), Contact(SECOND, NOW), Contact(SECOND, NOW)),
        (Contact(MAIN, NOW), Contact(SECOND), Contact(MAIN, NOW)),
        (Contact(MAIN), Contact(SECOND), Contact(MAIN)),
        (Contact(MAIN, LATER), Contact(SECOND, NOW), Contact(MAIN, LATER)),
        (Contact(MAIN), Contact(MAIN, NOW), Contact(MAIN, NOW)),
    ],
)
def test_merged_contacts_keep_the_known_sender_and_its_first_moments(
    one: Contact, other: Contact, merged: Contact
) -> None:
    assert merged_contacts(one, other) == merged


@pytest.mark.parametrize(
    ("contact", "session_id", "cold"),
    [
        (None, MAIN, True),
        (Contact(MAIN), MAIN, True),
        (Contact(MAIN, NOW), MAIN, False),
        (Contact(MAIN, None, NOW), MAIN, False),
        (Contact(SECOND, NOW), MAIN, True),
    ],
)
def test_is_cold_until_a_message_passed_between_the_two(
    contact: Contact | None, session_id: SessionId, *, cold: bool
) -> None:
    assert is_cold(contact, session_id) is cold


def test_contact_takes_the_customers_choice_before_the_first_contact() -> None:
    assert Contact(MAIN).with_inbound(SECOND, NOW) == Contact(SECOND, NOW)
    known = Contact(MAIN, None, NOW)
    assert known.with_inbound(SECOND, LATER) == known
    assert known.with_inbound(MAIN, LATER).with_inbound(MAIN, NOW) == Contact(MAIN, LATER, NOW)


def test_contact_records_the_first_message_of_its_own_sender_alone() -> None:
    fresh = Contact(MAIN)
    assert fresh.with_sent(SECOND, NOW) == fresh
    assert fresh.with_sent(MAIN, NOW).with_sent(MAIN, LATER) == Contact(MAIN, None, NOW)
