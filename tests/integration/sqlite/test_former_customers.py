"""Orders that were saved before their customers were noted are found by opening the latest of them."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.identifiers import OrderId
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, NOW, Asked
from tests.contracts.store_contract import Keeping
from tests.harness.opened_store import open_training_store


@pytest.mark.requirement("Z4", "C4")
def test_orders_of_unknown_customers_are_the_latest_without_an_index(tmp_path: Path) -> None:
    def keep(rows: Rows) -> None:
        for number in range(4):
            made = NOW + timedelta(minutes=number)
            rows.orders.save(replace(Keeping.ORDER, id=OrderId(f"o{number}"), created_at=made), ANA)

    asked = Asked(open_training_store(tmp_path))
    asked.transact(keep)
    with closing(sqlite3.connect(tmp_path / "coco.db")) as database, database:
        database.execute("UPDATE orders SET customer_index = NULL WHERE id IN ('o0', 'o1', 'o2')")
    found = asked.read(lambda rows: rows.orders.of_unknown_customers(3))
    assert [order.id for order in found] == ["o2", "o1"]
    assert asked.read(lambda rows: rows.orders.newest_of(ANA)) == "o3"
    asyncio.run(asked.store.close())
