"""What every Store promises about rows of a customer: they are found under every alias."""

from dataclasses import replace

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.contact import Contact
from app.domain.customer_reply import Author
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Address, Lid
from app.domain.notification import State
from app.domain.opt_out import OptOutSource
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.contracts.consent_contract import GIVEN
from tests.contracts.identity_contract import (
    DAY,
    LID,
    SHORT,
    connect,
    same,
)
from tests.contracts.number_contract import WORD
from tests.contracts.opt_out_contract import LEFT
from tests.contracts.reply_contract import OI
from tests.contracts.store_contract import Keeping


@pytest.mark.requirement("K1")
@pytest.mark.parametrize(("under", "asked_by"), [(ANA, LID), (SHORT, LID), (LID, ANA), (LID, SHORT)])
class Aliases:
    @pytest.mark.requirement("X1")
    def test_opt_out_is_found_under_every_alias(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        asked.transact(lambda rows: rows.opt_outs.add(under, LEFT))
        assert asked.read(lambda rows: rows.opt_outs.in_force(asked_by)) is None
        connect(asked)
        assert asked.read(lambda rows: rows.opt_outs.in_force(asked_by)) == LEFT
        assert asked.read(lambda rows: rows.opt_outs.history(asked_by)) == [LEFT]
        assert asked.read(lambda rows: rows.opt_outs.all_in_force([BIA, asked_by])) == {asked_by: LEFT}
        asked.transact(lambda rows: rows.opt_outs.undo(asked_by, NOW + SOON, OptOutSource.MANAGER, "pediu"))
        assert (
            asked.read(lambda rows: [rows.opt_outs.in_force(each) for each in (under, asked_by)])
            == [None] * 2
        )

    @pytest.mark.requirement("X1")
    def test_opt_outs_of_both_sides_are_undone_together(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        def work(rows: Rows) -> None:
            rows.opt_outs.add(under, LEFT)
            rows.opt_outs.add(asked_by, replace(LEFT, opted_out_at=NOW + SOON, message_id=MessageId("3A9")))
            rows.identities.connect(ANA, LID, NOW)
            rows.opt_outs.undo(under, NOW + LATER, OptOutSource.CUSTOMER, None)

        asked.transact(work)
        assert (
            asked.read(lambda rows: [rows.opt_outs.in_force(each) for each in (under, asked_by)])
            == [None] * 2
        )

    @pytest.mark.requirement("X1")
    def test_word_is_heard_once_under_every_alias(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        connect(asked)
        heard = asked.transact(
            lambda rows: [rows.opt_outs.hear(each, WORD, NOW) for each in (under, asked_by)]
        )
        assert heard == [True, False]

    def test_reply_is_found_under_every_alias(self, asked: Asked, under: Address, asked_by: Address) -> None:
        said = replace(OI, phone=under)
        asked.transact(lambda rows: rows.replies.keep(said))
        connect(asked)
        assert asked.read(lambda rows: rows.replies.find(Author(asked_by), OI.message_id)) == said
        assert not asked.transact(lambda rows: rows.replies.keep(replace(said, phone=asked_by)))

    def test_consent_is_found_under_every_alias(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        given = replace(GIVEN, phone=under)
        asked.transact(lambda rows: rows.consents.keep(given))
        connect(asked)
        assert asked.read(lambda rows: rows.consents.orders_of(asked_by, NOW)) == 1
        assert not asked.transact(lambda rows: rows.consents.keep(replace(given, phone=asked_by)))
        assert asked.read(lambda rows: [each.phone for each in rows.consents.of_order(GIVEN.order_id)]) == [
            under
        ]

    def test_order_is_found_under_every_alias(self, asked: Asked, under: Address, asked_by: Address) -> None:
        asked.transact(lambda rows: rows.orders.save(Keeping.ORDER, under))
        connect(asked)
        assert asked.read(lambda rows: rows.orders.newest_of(asked_by)) == OrderId("o1")

    def test_told_order_is_found_under_every_alias(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        asked.add(owed("o1", phone=under))
        connect(asked)
        assert asked.read(lambda rows: rows.replies.told_order_of(asked_by)) == "o1"

    def test_contact_is_found_under_every_alias(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        connect(asked)
        known = Contact(MAIN, first_inbound_at=NOW)
        asked.transact(lambda rows: rows.contacts.save(under, known))
        found = asked.read(lambda rows: rows.contacts.get_all([under, asked_by, BIA]))
        assert found == {under: known, asked_by: known}

    def test_messages_under_every_alias_wait_in_one_order(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        connect(asked)
        asked.add(owed("o1", phone=under, scheduled_at=NOW + LATER), owed("o2", phone=asked_by))
        assert asked.lease() == []
        assert asked.lease(now=NOW + LATER) == ["o1"]

    def test_sends_under_every_alias_are_one_customers(
        self, asked: Asked, under: Address, asked_by: Address
    ) -> None:
        connect(asked)
        for order, address in (("o1", under), ("o2", asked_by)):
            (row,) = asked.add(owed(order, phone=address))
            asked.save(replace(row, state=State.SENT, sending_at=NOW, sent_at=NOW))
        customer = asked.read(lambda rows: rows.identities.of(LID))
        told = asked.read(lambda rows: rows.notifications.told_since(NOW))
        assert told == [(MAIN, customer, NOW)] * 2
        asked.add(owed("o3", phone=under))
        capped = Eligibility(MAIN, capped_customers=frozenset({customer}))
        assert asked.lease(eligible=capped) == []
        assert asked.lease() == ["o3"]


@pytest.mark.requirement("K5", "X6")
class ErasedIdentities:
    def test_retention_empties_the_values_and_keeps_identity_and_opt_out(self, asked: Asked) -> None:
        connect(asked)
        asked.transact(lambda rows: rows.identities.name(LID, "ana", NOW))
        asked.transact(lambda rows: rows.opt_outs.add(ANA, LEFT))
        asked.transact(
            lambda rows: rows.numbers.save(KnownNumber(ANA, WhatsAppAccount("5573@s", "4711@lid"), NOW))
        )
        asked.date(NOW)

        def forget(rows: Rows) -> int:
            emptied = rows.retention.empty(NOW + SOON, NOW + LATER, 99)
            rows.retention.delete(NOW + SOON, NOW + LATER, 99)
            return emptied

        assert asked.transact(forget) == 3
        assert asked.transact(forget) == 0
        values = asked.read(
            lambda rows: (
                rows.identities.phone_of(LID),
                rows.identities.lid_of(ANA),
                rows.identities.username_of(LID),
            )
        )
        assert values == (None, None, None)
        assert same(asked, SHORT, LID)
        assert asked.read(lambda rows: rows.opt_outs.in_force(LID)) == LEFT
        connect(asked, at=NOW + LATER)
        assert asked.read(lambda rows: (rows.identities.phone_of(LID), rows.identities.lid_of(ANA))) == (
            ANA,
            LID,
        )

    @pytest.mark.requirement("X1", "K4")
    def test_opt_out_is_added_to_an_identity_whose_lid_was_emptied(self, asked: Asked) -> None:
        connect(asked)
        asked.transact(lambda rows: rows.identities.name(LID, "ana", NOW))
        asked.date(NOW)
        asked.transact(lambda rows: rows.retention.empty(NOW + SOON, NOW + LATER, 99))
        former = asked.read(lambda rows: rows.identities.of(LID))
        for _ in "ab":
            asked.transact(lambda rows: rows.opt_outs.add_to_identity(former, LEFT))
        asked.transact(lambda rows: rows.identities.connect(ANA, Lid("815@lid"), NOW + DAY))
        asked.transact(lambda rows: rows.identities.name(Lid("815@lid"), "ana", NOW + DAY))
        assert asked.read(lambda rows: rows.opt_outs.history(LID)) == [LEFT]
        assert asked.read(lambda rows: rows.opt_outs.in_force(Lid("815@lid"))) is None

    def test_retention_keeps_the_values_of_an_address_seen_since(self, asked: Asked) -> None:
        connect(asked)
        asked.date(NOW)
        connect(asked, at=NOW + 10 * DAY)
        asked.transact(lambda rows: rows.retention.empty(NOW + DAY, NOW + 11 * DAY, 99))
        assert asked.read(lambda rows: rows.identities.phone_of(LID)) == ANA
