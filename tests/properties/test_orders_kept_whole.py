"""Both stores give every field of an order back as it was saved."""

import asyncio
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.identifiers import OrderId
from app.domain.order import Order, OrderItem
from app.domain.order_merge import without_content
from app.ports.store import Rows, Store
from tests.harness.opened_store import open_training_store
from tests.simulators.memory_store import MemoryStore

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
amounts = st.decimals(-(10**9), 10**9, allow_nan=False, places=2)
moments = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
items = st.builds(OrderItem, words, st.integers(1, 999), amounts)
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "id": st.sampled_from("abc").map(OrderId),
    "number": st.integers(1, 2**63 - 1),
    "customer_name": words,
    "customer_phone": words,
    "status": words,
    "payment_status": st.none() | words,
    "total": amounts,
    "created_at": moments,
    "items": st.lists(items, max_size=3).map(tuple),
    "table_number": st.none() | words,
    "notes": words,
    "stage_at": st.none() | moments,
    "deleted": st.booleans(),
    "source_phone": st.none() | words,
}
orders = st.builds(Order, **FIELDS)


def test_every_field_of_an_order_is_drawn() -> None:
    assert {each.name for each in fields(Order)} == {*FIELDS, "is_erased"}


async def _kept(store: Store, saved: list[Order]) -> list[Order]:
    def work(rows: Rows) -> None:
        for order in saved:
            rows.orders.save(order)

    await store.transact(work)
    kept = await store.read(lambda rows: rows.orders.page([OrderId(name) for name in "abc"]))
    await store.close()
    return sorted(kept, key=lambda order: order.id)


@pytest.mark.requirement("A5")
@settings(max_examples=25, deadline=None)
@given(st.lists(orders | orders.map(without_content), min_size=1, max_size=6))
def test_both_stores_keep_every_field_of_an_order(saved: list[Order]) -> None:
    expected: dict[OrderId, Order] = {}
    for order in saved:
        was = expected.get(order.id)
        expected[order.id] = without_content(order) if was and was.is_erased else order
    with TemporaryDirectory() as folder:
        on_disk = asyncio.run(_kept(open_training_store(Path(folder)), saved))
    in_memory = asyncio.run(_kept(MemoryStore(), saved))
    assert on_disk == in_memory == sorted(expected.values(), key=lambda order: order.id)
