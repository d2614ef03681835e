"""What every Store promises about customers' identities: the aliases of one account are one customer."""

from datetime import datetime, timedelta

import pytest

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.identity import Connection
from app.domain.lid import Address, Lid, lid_of
from app.domain.phone import NO_PHONE, Phone
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed

SHORT = Phone("+557399998537")
LID, OTHER_LID = Lid("4711@lid"), Lid("815@lid")
SECOND = SessionId("second")
DAY = timedelta(days=1)
KNOWN_ONLY = Eligibility(MAIN, cold=False)


def connect(
    asked: Asked, phone: Phone = ANA, lid: Lid = LID, at: datetime = NOW, *, live: bool = True
) -> Connection:
    return asked.transact(lambda rows: rows.identities.connect(phone, lid, at, live=live))


def keep(asked: Asked, *addresses: Address, at: datetime = NOW) -> None:
    asked.transact(lambda rows: [rows.identities.keep(each, at) for each in addresses])


def same(asked: Asked, one: Address, other: Address) -> bool:
    return asked.read(lambda rows: rows.identities.same(one, other))


def contact(asked: Asked, address: Address) -> Contact | None:
    return asked.read(lambda rows: rows.contacts.get(address))


@pytest.mark.requirement("K1")
class Identities:
    def test_identity_of_an_unseen_address_is_the_one_it_is_kept_under(self, asked: Asked) -> None:
        addresses = (ANA, SHORT, LID, Phone("+5215512345678"))
        before = asked.read(lambda rows: [rows.identities.of(each) for each in addresses])
        kept = asked.transact(lambda rows: [rows.identities.keep(each, NOW) for each in addresses])
        assert kept == before
        assert len(set(kept)) == 3

    def test_identity_is_known_once_its_address_was_kept_in_any_spelling(self, asked: Asked) -> None:
        keep(asked, SHORT, LID)
        known = asked.read(
            lambda rows: [rows.identities.knows(each) for each in (SHORT, ANA, LID, BIA, OTHER_LID)]
        )
        assert known == [True, True, True, False, False]

    @pytest.mark.parametrize("address", [ANA, LID])
    def test_identity_is_known_once_it_has_a_contact_or_a_message(
        self, asked: Asked, address: Address
    ) -> None:
        other = BIA if address == ANA else OTHER_LID
        asked.transact(lambda rows: rows.contacts.save(address, Contact(MAIN)))
        asked.add(owed(phone=other))
        assert asked.read(lambda rows: [rows.identities.knows(each) for each in (address, other)]) == [
            True,
            True,
        ]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("+557399998537", "+5573999998537"),
            ("+525512345678", "+5215512345678"),
            ("+541123456789", "+5491123456789"),
        ],
    )
    def test_identity_is_one_for_every_spelling_of_a_number(self, asked: Asked, one: str, other: str) -> None:
        assert same(asked, Phone(one), Phone(other))
        keep(asked, Phone(other))
        assert same(asked, Phone(one), Phone(other))
        connect(asked, Phone(one))
        assert same(asked, Phone(other), LID)

    def test_identity_without_an_address_is_nobodys(self, asked: Asked) -> None:
        assert not same(asked, NO_PHONE, NO_PHONE)
        assert not same(asked, NO_PHONE, ANA)
        assert same(asked, LID, LID)
        assert not same(asked, LID, OTHER_LID)

    def test_identity_gives_number_and_lid_as_they_were_seen(self, asked: Asked) -> None:
        connect(asked, SHORT)
        found = asked.read(
            lambda rows: (
                rows.identities.phone_of(LID),
                rows.identities.lid_of(ANA),
                rows.identities.phone_of(OTHER_LID),
                rows.identities.lid_of(BIA),
            )
        )
        assert found == (SHORT, LID, None, None)
        connect(asked, ANA, at=NOW + LATER)
        assert asked.read(lambda rows: rows.identities.phone_of(LID)) == ANA

    def test_identity_gives_the_number_seen_last_of_two_under_one_lid(self, asked: Asked) -> None:
        assert [connect(asked, ANA), connect(asked, BIA, at=NOW + LATER)] == [Connection.JOINED] * 2
        assert same(asked, ANA, BIA)
        assert asked.read(lambda rows: rows.identities.phone_of(LID)) == BIA
        assert connect(asked, ANA, at=NOW + 2 * LATER) is Connection.KNOWN
        assert asked.read(lambda rows: rows.identities.phone_of(LID)) == ANA

    def test_identity_gives_the_number_seen_last_after_a_clock_years_ahead(self, asked: Asked) -> None:
        connect(asked, ANA, at=NOW + 800 * DAY)
        connect(asked, BIA)
        connect(asked, ANA, at=NOW - DAY)
        connect(asked, BIA, at=NOW)
        assert asked.read(lambda rows: rows.identities.phone_of(LID)) == BIA

    @pytest.mark.parametrize(
        "text", ["4711@lid", "4711:0@lid", "4711:17@lid", "4711@hosted.lid", "4711:3@hosted.lid"]
    )
    def test_identity_is_one_for_every_device_and_host_of_a_lid(self, asked: Asked, text: str) -> None:
        connect(asked)
        lid = lid_of(text)
        assert lid is not None
        assert same(asked, lid, ANA)


@pytest.mark.requirement("K1")
class Usernames:
    def test_username_belongs_to_the_account_named_last(self, asked: Asked) -> None:
        def work(rows: Rows) -> list[str | None]:
            rows.identities.name(LID, "ana.acai", NOW)
            rows.identities.name(OTHER_LID, "ana.acai", NOW + SOON)
            return [rows.identities.username_of(each) for each in (LID, OTHER_LID)]

        assert asked.transact(work) == [None, "ana.acai"]
        assert not same(asked, LID, OTHER_LID)

    def test_username_replaces_the_former_one_of_its_account(self, asked: Asked) -> None:
        def work(rows: Rows) -> list[str | None]:
            for username in ("ana", "ana", "ana.acai"):
                rows.identities.name(LID, username, NOW)
            first = rows.identities.username_of(LID)
            rows.identities.name(OTHER_LID, "ana", NOW)
            return [first, rows.identities.username_of(LID), rows.identities.username_of(OTHER_LID)]

        assert asked.transact(work) == ["ana.acai", "ana.acai", "ana"]

    @pytest.mark.parametrize("username", [ANA.number, ANA.number[1:], "815@lid", ""])
    def test_username_that_looks_like_an_address_is_none(self, asked: Asked, username: str) -> None:
        keep(asked, ANA, OTHER_LID)
        asked.transact(lambda rows: rows.identities.name(LID, username, NOW))
        assert not same(asked, LID, ANA)
        assert not same(asked, LID, OTHER_LID)
        seen = asked.read(lambda rows: (rows.identities.lid_of(ANA), rows.identities.phone_of(LID)))
        assert seen == (None, None)

    def test_username_stays_with_its_account_when_a_number_joins_or_moves(self, asked: Asked) -> None:
        keep(asked, ANA)
        asked.transact(lambda rows: rows.identities.name(LID, "ana", NOW))
        connect(asked)
        assert asked.read(lambda rows: rows.identities.username_of(LID)) == "ana"
        connect(asked, ANA, OTHER_LID)
        names = asked.read(lambda rows: [rows.identities.username_of(each) for each in (LID, OTHER_LID)])
        assert names == ["ana", None]

    @pytest.mark.requirement("X6")
    def test_username_is_kept_while_it_is_seen(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.identities.name(LID, "ana", NOW))
        asked.date(NOW)
        asked.transact(lambda rows: rows.identities.name(LID, "ana", NOW + 10 * DAY))
        asked.transact(lambda rows: rows.retention.empty(NOW + DAY, NOW + 11 * DAY, 99))
        assert asked.read(lambda rows: rows.identities.username_of(LID)) == "ana"

    @pytest.mark.requirement("X6")
    def test_username_is_read_again_after_its_value_was_emptied(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.identities.name(LID, "ana", NOW))
        asked.date(NOW)
        asked.transact(lambda rows: rows.retention.empty(NOW + DAY, NOW + 11 * DAY, 99))
        assert asked.read(lambda rows: rows.identities.username_of(LID)) is None
        asked.transact(lambda rows: rows.identities.name(LID, "ana", NOW + 11 * DAY))
        assert asked.read(lambda rows: rows.identities.username_of(LID)) == "ana"
