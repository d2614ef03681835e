"""What every Store promises about the orders it keeps: whole, and empty once they were emptied."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.identifiers import OrderId
from app.domain.order import Order
from app.domain.order_merge import choose_phone, without_content
from app.domain.phone import customer_forms
from tests.contracts.asked_store import ANA, BIA, LATER, NOW, Asked
from tests.contracts.store_contract import Keeping

ORDER = Keeping.ORDER
MOMENT = NOW + LATER


class WholeOrders:
    @pytest.mark.parametrize(
        "order",
        [
            replace(ORDER, deleted=True),
            replace(ORDER, stage_at=NOW - timedelta(microseconds=1)),
            choose_phone(ORDER, ANA.number),
            choose_phone(replace(ORDER, customer_phone=""), ANA.number),
            without_content(ORDER),
        ],
    )
    def test_order_comes_back_whole(self, asked: Asked, order: Order) -> None:
        asked.keep_orders(ORDER, order)
        assert asked.read(lambda rows: rows.orders.get(ORDER.id)) == order

    @pytest.mark.requirement("X6")
    def test_emptied_order_stays_empty_when_saved_again(self, asked: Asked) -> None:
        asked.keep_orders(choose_phone(ORDER, ANA.number))
        asked.date(NOW)
        assert asked.transact(lambda rows: rows.retention.empty(MOMENT, NOW, 200)) == 1
        assert asked.read(lambda rows: rows.orders.get(ORDER.id)) == without_content(ORDER)
        moved = replace(choose_phone(ORDER, ANA.number), status="completed", stage_at=MOMENT, deleted=True)
        asked.keep_orders(moved)
        assert asked.read(lambda rows: rows.orders.get(ORDER.id)) == without_content(moved)
        assert asked.transact(lambda rows: rows.retention.empty(MOMENT, NOW, 200)) == 0

    def test_deleted_order_is_not_found_by_its_number(self, asked: Asked) -> None:
        live = replace(ORDER, created_at=NOW - LATER)
        asked.keep_orders(live, replace(ORDER, id=OrderId("o2"), deleted=True))
        found = asked.read(lambda rows: rows.orders.numbered(ORDER.number, NOW - LATER, NOW))
        assert found == live

    @pytest.mark.requirement("Z4", "C4")
    def test_newest_order_of_a_customer_is_found_under_either_spelling(self, asked: Asked) -> None:
        older, newer = (
            replace(ORDER, id=OrderId("o1")),
            replace(ORDER, id=OrderId("o2"), created_at=NOW + LATER),
        )
        others = replace(ORDER, id=OrderId("o3"), created_at=NOW + LATER * 2)
        for order, customer in ((newer, ANA), (older, ANA), (others, BIA)):
            asked.transact(lambda rows, order=order, customer=customer: rows.orders.save(order, customer))  # type: ignore[misc]
        for form in customer_forms(ANA):
            assert asked.read(lambda rows, form=form: rows.orders.newest_of(form)) == "o2"  # type: ignore[misc]
        asked.transact(lambda rows: rows.orders.save(newer))
        assert asked.read(lambda rows: rows.orders.newest_of(ANA)) == "o1"
        assert asked.read(lambda rows: rows.orders.of_unknown_customers(9)) == []

    @pytest.mark.requirement("X6")
    def test_emptied_order_is_no_customers(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.orders.save(ORDER, ANA))
        asked.transact(lambda rows: rows.orders.save(without_content(ORDER)))
        asked.transact(lambda rows: rows.orders.save(ORDER, ANA))
        assert asked.read(lambda rows: rows.orders.newest_of(ANA)) is None

    def test_outline_says_that_its_order_was_deleted(self, asked: Asked) -> None:
        asked.keep_orders(replace(ORDER, deleted=True))
        (outline,) = asked.read(lambda rows: rows.orders.outlines(None, 9)).outlines
        assert outline.deleted
