"""Template values of an order: real names alone, and lengths that keep the text's end."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.identifiers import OrderId
from app.domain.order import Order, OrderItem
from app.domain.template import render
from app.services.templates.values import ShopProfile, values_of
from tests.harness.shop import shipped_templates

SHOP = ShopProfile()
ORDER = Order(
    id=OrderId("1"),
    number=17,
    customer_name="João Silva",
    customer_phone="",
    status="paid",
    payment_status="confirmed",
    total=Decimal("1234.50"),
    created_at=datetime(2026, 1, 10, tzinfo=UTC),
)
ITEM = OrderItem("Açaí 500 ml com granola e leite condensado", 2, Decimal("22.50"))


@pytest.mark.parametrize("name", ["", "   ", "🥥🍧", "- *", "{{}}", "\u200e"])
def test_every_shipped_wording_reads_well_without_a_name(name: str) -> None:
    for template in shipped_templates():
        text = render(template, values_of(replace(ORDER, customer_name=name), SHOP))
        assert text.startswith(("Oi! 🥥 O pagamento do seu pedido *#17*", "Oi! Seu pedido *#17*"))


def test_the_first_name_is_the_first_word_that_is_one() -> None:
    assert values_of(replace(ORDER, customer_name="🥥  Ana  Lima"), SHOP)["firstName"] == "Ana"
    assert len(values_of(replace(ORDER, customer_name="a" * 5000), SHOP)["firstName"]) == 40


def test_a_short_list_of_items_is_whole() -> None:
    assert values_of(replace(ORDER, items=(ITEM, ITEM)), SHOP)["items"] == f"2× {ITEM.name}\n2× {ITEM.name}"


@pytest.mark.parametrize(("more", "said"), [(1, "1 item"), (12, "12 itens"), (2000, "2000 itens")])
def test_a_very_long_list_of_items_says_how_many_more_there_are(more: int, said: str) -> None:
    fitting = 1500 // len(f"2× {ITEM.name}\n")
    items = values_of(replace(ORDER, items=(ITEM,) * (fitting + more)), SHOP)["items"]
    assert items.splitlines()[fitting:] == [f"… e mais {said}"]
    assert items.count(ITEM.name) == fitting


def test_the_total_and_the_shop_are_never_cut_off() -> None:
    wordy = replace(
        ORDER,
        customer_name="Maria " * 2000,
        notes="sem gelo " * 1000,
        table_number="9" * 5000,
        items=(replace(ITEM, name="açaí " * 1000),) * 500,
    )
    for template in shipped_templates():
        text = render(template, values_of(wordy, SHOP))
        assert text.endswith(SHOP.name)
        assert ("R$ 1.234,50" in text) == ("orderTotal" in template.variables)
