"""What every Store promises about mappings: number and LID of one account are one customer."""

from dataclasses import replace

import pytest

from app.domain.contact import Contact
from app.domain.identity import Connection
from app.domain.lid import Address
from app.domain.notification import State
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, ME, NOW, SOON, Asked, owed
from tests.contracts.identity_contract import (
    DAY,
    KNOWN_ONLY,
    LID,
    OTHER_LID,
    SECOND,
    SHORT,
    connect,
    contact,
    keep,
    same,
)


@pytest.mark.requirement("K1")
class Connections:
    @pytest.mark.parametrize("first", [(), (ANA,), (LID,), (ANA, LID), (LID, ANA)])
    def test_connect_joins_number_and_lid_in_whichever_order_they_were_seen(
        self, asked: Asked, first: tuple[Address, ...]
    ) -> None:
        keep(asked, *first)
        assert connect(asked) is Connection.JOINED
        assert same(asked, ANA, LID)
        assert same(asked, SHORT, LID)
        assert connect(asked, SHORT) is Connection.KNOWN

    def test_connect_keeps_the_identity_of_a_known_lid(self, asked: Asked) -> None:
        keep(asked, ANA, LID)
        before = asked.read(lambda rows: rows.identities.of(LID))
        connect(asked)
        assert asked.read(lambda rows: (rows.identities.of(ANA), rows.identities.of(SHORT))) == (
            before,
            before,
        )

    def test_connect_keeps_the_identity_of_a_known_number_with_a_new_lid(self, asked: Asked) -> None:
        keep(asked, ANA)
        before = asked.read(lambda rows: rows.identities.of(ANA))
        connect(asked)
        assert asked.read(lambda rows: rows.identities.of(LID)) == before

    def test_connect_joins_contacts_of_both_sides(self, asked: Asked) -> None:
        def work(rows: Rows) -> None:
            rows.contacts.save(ANA, Contact(MAIN, first_sent_at=NOW))
            rows.contacts.save(LID, Contact(MAIN, first_inbound_at=NOW + SOON))
            rows.identities.connect(ANA, LID, NOW)

        asked.transact(work)
        both = Contact(MAIN, first_inbound_at=NOW + SOON, first_sent_at=NOW)
        assert [contact(asked, each) for each in (ANA, SHORT, LID)] == [both] * 3

    @pytest.mark.parametrize("knows", [ANA, LID])
    def test_connect_keeps_the_only_contact_whichever_side_has_it(self, asked: Asked, knows: Address) -> None:
        keep(asked, ANA, LID)
        warm = Contact(SECOND, first_inbound_at=NOW)
        asked.transact(lambda rows: rows.contacts.save(knows, warm))
        connect(asked)
        assert [contact(asked, each) for each in (ANA, LID)] == [warm, warm]

    @pytest.mark.parametrize(("older", "younger"), [(LID, ANA), (ANA, LID), (SHORT, LID), (LID, SHORT)])
    def test_connect_puts_the_waiting_rows_of_both_sides_into_one_order(
        self, asked: Asked, older: Address, younger: Address
    ) -> None:
        asked.add(owed("o1", phone=older, scheduled_at=NOW + LATER), owed("o2", phone=younger))
        assert asked.transact(lambda rows: rows.notifications.is_due(NOW, Eligibility(MAIN)))
        connect(asked)
        assert asked.lease() == []
        assert asked.lease(now=NOW + LATER) == ["o1"]
        waiting = asked.read(lambda rows: rows.notifications.unfinished_of([younger]))
        assert [row.order_id for row in waiting] == ["o1", "o2"]
        assert len({row.customer for row in waiting}) == 1

    @pytest.mark.parametrize(("warm", "cold"), [(LID, ANA), (ANA, LID)])
    def test_connect_makes_the_rows_of_a_stranger_those_of_a_known_customer(
        self, asked: Asked, warm: Address, cold: Address
    ) -> None:
        asked.transact(lambda rows: rows.contacts.save(warm, Contact(MAIN, first_inbound_at=NOW)))
        asked.add(owed("o1", phone=cold))
        assert asked.lease(eligible=KNOWN_ONLY) == []
        connect(asked)
        assert asked.lease(eligible=KNOWN_ONLY) == ["o1"]

    @pytest.mark.parametrize(("going", "waiting"), [(LID, ANA), (ANA, LID)])
    def test_connect_blocks_a_row_behind_one_that_is_being_sent(
        self, asked: Asked, going: Address, waiting: Address
    ) -> None:
        first, _ = asked.add(owed("o1", phone=going, seq=1), owed("o2", phone=waiting))
        asked.save(replace(first, state=State.SENDING, sending_at=NOW, lease=ME))
        connect(asked)
        assert asked.lease() == []

    @pytest.mark.requirement("K4")
    def test_connect_moves_a_number_whose_lid_changed_without_its_contact(self, asked: Asked) -> None:
        connect(asked)
        warm = Contact(MAIN, first_inbound_at=NOW)
        asked.transact(lambda rows: rows.contacts.save(ANA, warm))
        asked.add(owed("o1", phone=ANA), owed("o2", phone=LID))
        assert connect(asked, SHORT, OTHER_LID) is Connection.MOVED
        assert [contact(asked, each) for each in (ANA, SHORT, OTHER_LID, LID)] == [None, None, None, warm]
        found = asked.read(lambda rows: (rows.identities.lid_of(ANA), rows.identities.phone_of(LID)))
        assert found == (OTHER_LID, None)
        theirs = asked.read(
            lambda rows: [
                [row.order_id for row in rows.notifications.unfinished_of([each])] for each in (ANA, LID)
            ]
        )
        assert theirs == [["o1"], ["o2"]]
        assert asked.lease(eligible=KNOWN_ONLY) == ["o2"]

    @pytest.mark.requirement("K4")
    def test_connect_never_joins_two_identities_with_a_lid_each(self, asked: Asked) -> None:
        connect(asked, ANA, LID)
        connect(asked, BIA, OTHER_LID)
        assert connect(asked, ANA, OTHER_LID) is Connection.MOVED
        assert not same(asked, LID, OTHER_LID)
        assert same(asked, ANA, BIA)
        assert connect(asked, ANA, LID) is Connection.MOVED
        assert not same(asked, ANA, BIA)

    @pytest.mark.requirement("K4")
    def test_connect_changes_nothing_when_the_history_contradicts(self, asked: Asked) -> None:
        connect(asked)
        assert connect(asked, ANA, OTHER_LID, live=False) is Connection.CONTRADICTED
        assert same(asked, ANA, LID)
        assert not same(asked, ANA, OTHER_LID)
        assert asked.read(lambda rows: rows.identities.lid_of(ANA)) == LID

    def test_connect_joins_by_the_history_when_no_lid_was_known(self, asked: Asked) -> None:
        keep(asked, ANA)
        assert connect(asked, live=False) is Connection.JOINED

    def test_connect_by_the_history_keeps_the_number_seen_since(self, asked: Asked) -> None:
        connect(asked)
        keep(asked, BIA)
        assert connect(asked, BIA, at=NOW + 9 * DAY, live=False) is Connection.JOINED
        assert same(asked, BIA, ANA)
        assert asked.read(lambda rows: rows.identities.phone_of(LID)) == ANA
        assert connect(asked, BIA, at=NOW + 10 * DAY) is Connection.KNOWN
        assert asked.read(lambda rows: rows.identities.phone_of(LID)) == BIA

    @pytest.mark.requirement("K4", "X6")
    def test_connect_moves_a_number_whose_lid_was_emptied(self, asked: Asked) -> None:
        connect(asked)
        asked.date(NOW)
        asked.transact(lambda rows: rows.retention.empty(NOW + LATER, NOW + 2 * LATER, 99))
        assert connect(asked, ANA, OTHER_LID, NOW + 2 * LATER) is Connection.MOVED
        assert not same(asked, LID, OTHER_LID)
