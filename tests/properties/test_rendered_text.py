"""Whatever an order holds, its customer reads a whole message without a sign of ours."""

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.identifiers import OrderId
from app.domain.order import Order, OrderItem
from app.domain.outgoing_text import LONGEST
from app.domain.template import render
from app.services.templates.values import ShopProfile, values_of
from tests.harness.examples import examples
from tests.harness.shop import shipped_templates

# Signs next to each other and inside each other, much more often than chance would have them.
tricky = st.lists(
    st.one_of(
        st.sampled_from(["{", "}", "[", "]", "{{", "}}", "firstName", "\n", "\x00", "\u202e", " ", "🥥"]),
        st.text(st.characters(), max_size=10),
    ),
    max_size=30,
).map("".join)
wordy = st.builds(lambda text, times: text * times, tricky, st.sampled_from([1, 1, 1, 300]))
items = st.lists(st.builds(OrderItem, wordy, st.integers(1, 99), st.just(Decimal(1))), max_size=60)
TEMPLATES = shipped_templates()


@pytest.mark.requirement("T2")
@settings(max_examples=examples(100), deadline=None)
@given(name=wordy, notes=wordy, table=st.none() | wordy, bought=items, address=tricky)
def test_no_sign_reaches_a_customer_and_nothing_is_cut_off(
    name: str, notes: str, table: str | None, bought: list[OrderItem], address: str
) -> None:
    order = Order(
        id=OrderId("1"),
        number=4711,
        customer_name=name,
        customer_phone="",
        status="paid",
        payment_status="confirmed",
        total=Decimal("1234.50"),
        created_at=datetime(2026, 1, 10, tzinfo=UTC),
        items=tuple(bought),
        table_number=table,
        notes=notes,
    )
    shop = ShopProfile(name="Coco Loko", address=address)
    for template in TEMPLATES:
        text = render(template, values_of(order, shop))
        assert not set("{}") & set(text)
        assert "[[" not in text
        assert "]]" not in text
        assert {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cs"}} <= {"\n"}
        assert not {unicodedata.bidirectional(sign) for sign in text} & {"LRO", "RLO", "LRE", "RLE", "PDF"}
        assert "4711" in text
        assert text.endswith("Coco Loko")
        assert len(text) <= LONGEST
