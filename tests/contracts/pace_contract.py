"""What every Store promises about contacts, and about which due rows may go."""

from dataclasses import replace

import pytest

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.rate_limit import Eligibility
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed

SECOND = SessionId("second")
CAIO = Phone("+5573999991234")


def keep(asked: Asked, phone: Phone, contact: Contact) -> None:
    asked.transact(lambda rows: rows.contacts.save(phone, contact))


class Contacts:
    def test_a_contact_comes_back_as_it_was_saved(self, asked: Asked) -> None:
        assert asked.read(lambda rows: rows.contacts.get(ANA)) is None
        for contact in (Contact(MAIN), Contact(MAIN, NOW, NOW + SOON), Contact(SECOND, first_sent_at=NOW)):
            keep(asked, ANA, contact)
            assert asked.read(lambda rows: rows.contacts.get(ANA)) == contact
        assert asked.read(lambda rows: rows.contacts.get(BIA)) is None

    def test_several_contacts_are_read_at_once(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.contacts.save(ANA, Contact(MAIN, first_sent_at=NOW)))
        found = asked.read(lambda rows: rows.contacts.get_all([BIA, ANA]))
        assert found == {ANA: Contact(MAIN, first_sent_at=NOW)}

    @pytest.mark.requirement("X2")
    def test_strangers_are_those_told_before_they_wrote(self, asked: Asked) -> None:
        moments = {
            ANA: Contact(MAIN, first_sent_at=NOW + SOON),
            BIA: Contact(MAIN, first_inbound_at=NOW + LATER, first_sent_at=NOW),
            CAIO: Contact(MAIN, first_inbound_at=NOW - SOON, first_sent_at=NOW),
            Phone("+5573999990001"): Contact(MAIN, first_sent_at=NOW - SOON),
            Phone("+5573999990002"): Contact(SECOND, first_sent_at=NOW),
            Phone("+5573999990003"): Contact(MAIN, first_inbound_at=NOW),
        }
        for phone, contact in moments.items():
            keep(asked, phone, contact)
        strangers = asked.read(lambda rows: rows.contacts.strangers_told_since(MAIN, NOW))
        assert list(strangers) == [NOW, NOW + SOON]
        assert asked.read(lambda rows: rows.contacts.first_told_at(MAIN)) == NOW - SOON
        assert asked.read(lambda rows: rows.contacts.first_told_at(SessionId("none"))) is None

    @pytest.mark.requirement("X2")
    def test_who_was_told_since_a_moment_is_told_oldest_first(self, asked: Asked) -> None:
        asked.add(
            owed("o1", state=State.SENT, sending_at=NOW + SOON, sent_at=NOW),
            owed("o2", state=State.READ, sending_at=NOW, sent_at=NOW - SOON, phone=BIA, session_id=SECOND),
            owed("o3", state=State.SENT, sending_at=NOW - SOON, sent_at=NOW),
            owed("o4"),
        )
        told = asked.read(lambda rows: rows.notifications.told_since(NOW))
        ana, bia = asked.read(lambda rows: [rows.identities.of(each) for each in (ANA, BIA)])
        assert list(told) == [(SECOND, bia, NOW), (MAIN, ana, NOW + SOON)]


@pytest.mark.requirement("X2", "Q9")
class Eligible:
    def test_a_session_leases_its_own_rows_alone(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2", phone=BIA, session_id=SECOND))
        assert asked.lease(eligible=Eligibility(SECOND)) == ["o2"]
        assert asked.lease() == ["o1"]

    def test_an_older_row_of_another_session_holds_its_customer_back(self, asked: Asked) -> None:
        asked.add(owed("o1", session_id=SECOND, state=State.SENDING), owed("o2"))
        assert asked.lease() == []

    def test_customers_who_rest_hold_back_nobody_else(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2", phone=BIA), owed("o3", phone=CAIO))
        capped = asked.read(lambda rows: frozenset(map(rows.identities.of, (ANA, CAIO))))
        assert asked.lease(eligible=Eligibility(MAIN, capped_customers=capped)) == ["o2"]

    def test_lease_without_strangers_takes_only_contacts_of_this_number(self, asked: Asked) -> None:
        phones = [Phone(f"+557399999000{n}") for n in range(5)]
        known = (
            Contact(MAIN),
            Contact(MAIN, first_inbound_at=NOW),
            Contact(MAIN, first_sent_at=NOW),
            Contact(SECOND, first_sent_at=NOW),
        )
        for phone, contact in zip(phones, known, strict=False):
            keep(asked, phone, contact)
        asked.add(*(replace(owed(f"o{n}"), phone=phone) for n, phone in enumerate(phones)))
        assert asked.lease(eligible=Eligibility(MAIN, cold=False)) == ["o1", "o2"]
        assert asked.lease() == ["o0", "o3", "o4"]
