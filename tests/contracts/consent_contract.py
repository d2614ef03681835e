"""What every Store promises about what customers agreed to, and about finding the order they mean."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.claim_text import claim_text
from app.domain.consent import Consent, ConsentWay
from app.domain.identifiers import MessageId, OrderId
from app.domain.phone import NO_PHONE, Phone
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked
from tests.contracts.store_contract import Keeping

O1 = OrderId("o1")
GIVEN = Consent(MessageId("3A1"), MAIN, ANA, ConsentWay.SCANNED, claim_text(7), NOW, O1)


class Consents:
    @pytest.mark.requirement("X3")
    def test_one_is_kept_for_each_message_of_each_writer(self, asked: Asked) -> None:
        spelt = replace(GIVEN, phone=Phone("+557399998537"))
        other = replace(GIVEN, phone=BIA, way=ConsentWay.WRITTEN, wording="quero acompanhar o pedido 7")
        kept = asked.transact(
            lambda rows: [rows.consents.keep(each) for each in (GIVEN, GIVEN, spelt, other)]
        )
        assert kept == [True, False, False, True]
        assert asked.read(lambda rows: rows.consents.of_order(O1)) == [GIVEN, other]
        assert asked.read(lambda rows: rows.consents.of_order(OrderId("o2"))) == []

    def test_it_is_known_how_many_orders_somebody_followed_lately(self, asked: Asked) -> None:
        given = [
            GIVEN,
            replace(GIVEN, message_id=MessageId("3A2"), phone=Phone("+557399998537"), order_id=OrderId("o2")),
            replace(GIVEN, message_id=MessageId("3A3")),
            replace(
                GIVEN, message_id=MessageId("3A4"), order_id=OrderId("o3"), given_at=NOW - timedelta(hours=1)
            ),
            replace(GIVEN, message_id=MessageId("3A5"), order_id=OrderId("o4"), phone=BIA),
        ]
        asked.transact(lambda rows: [rows.consents.keep(each) for each in given])
        since = (NOW, NOW - timedelta(hours=1), NOW + timedelta(seconds=1))
        assert [asked.read(lambda rows, at=at: rows.consents.orders_of(ANA, at)) for at in since] == [2, 3, 0]  # type: ignore[misc]

    @pytest.mark.requirement("X6")
    def test_an_old_one_is_emptied_and_then_goes(self, asked: Asked) -> None:
        old = replace(GIVEN, given_at=NOW - timedelta(days=100))
        older = replace(old, phone=BIA)
        young = replace(GIVEN, message_id=MessageId("3A2"))
        asked.transact(lambda rows: [rows.consents.keep(each) for each in (old, older, young)])
        asked.date(NOW - timedelta(days=100))
        limit = NOW - timedelta(days=90)
        assert [asked.transact(lambda rows: rows.retention.empty(limit, NOW, 9)) for _ in range(2)] == [2, 0]
        emptied = replace(old, phone=NO_PHONE, wording="", is_erased=True)
        assert asked.read(lambda rows: rows.consents.of_order(O1)) == [emptied, emptied, young]
        assert asked.transact(lambda rows: rows.retention.delete(limit, NOW, 9)) == 2
        assert asked.read(lambda rows: rows.consents.of_order(O1)) == [young]


class Numbered:
    def test_the_newest_order_of_a_number_within_a_time_is_found(self, asked: Asked) -> None:
        yesterday = replace(Keeping.ORDER, number=7, created_at=NOW - timedelta(days=1))
        today = replace(yesterday, id=OrderId("o2"), created_at=NOW)
        other = replace(today, id=OrderId("o3"), number=8, created_at=NOW + SOON)
        asked.keep_orders(yesterday, today, other)

        def found(number: int, since: timedelta, until: timedelta) -> OrderId | None:
            kept = asked.read(lambda rows: rows.orders.numbered(number, NOW - since, NOW + until))
            return kept.id if kept else None

        assert found(7, timedelta(days=2), LATER) == today.id
        assert found(7, timedelta(0), timedelta(0)) == today.id
        assert found(7, timedelta(days=2), -SOON) == yesterday.id
        assert found(7, timedelta(hours=1), -SOON) is None
        assert found(9, timedelta(days=2), LATER) is None
