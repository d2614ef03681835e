"""Pruning a database on disk: small transactions, and no trace left in the write-ahead log."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.sqlite.engine import reading_engine
from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.ports.store import Rows
from app.services.notifications.pruner import Pruned
from tests.contracts.asked_store import NOW, owed
from tests.contracts.store_contract import Keeping
from tests.harness.agreed_pruner import pruner_of
from tests.harness.opened_store import open_training_store

pytestmark = pytest.mark.requirement("X6")
OLD = NOW - timedelta(days=100)
COUNT = 450


def _fill(rows: Rows) -> None:
    for number in range(COUNT):
        name = f"o{number}"
        rows.orders.save(replace(Keeping.ORDER, id=OrderId(name), created_at=OLD))
        rows.notifications.add(owed(name))
        rows.notifications.save(owed(name, state=State.READ, changed_at=OLD))
    rows.retention.date(OLD, OLD, 2 * COUNT)


def test_everything_old_is_emptied_and_the_log_is_empty_too(tmp_path: Path) -> None:
    async def story() -> None:
        store = open_training_store(tmp_path)
        await store.transact(_fill)
        assert await pruner_of(store).prune() == Pruned(2 * COUNT, 0)
        assert (tmp_path / "coco.db-wal").stat().st_size == 0
        await store.close()

    asyncio.run(story())


def test_a_reader_keeps_the_log_only_until_the_next_time(tmp_path: Path) -> None:
    async def story() -> None:
        store = open_training_store(tmp_path)
        await store.transact(_fill)
        with reading_engine(tmp_path / "coco.db").connect() as reader:
            reader.exec_driver_sql("SELECT count(*) FROM orders").scalar_one()
            await store.transact(lambda rows: rows.settings.set("a", "1"))
            await store.shed_log()
            assert (tmp_path / "coco.db-wal").stat().st_size > 0
        await store.shed_log()
        assert (tmp_path / "coco.db-wal").stat().st_size == 0
        assert await store.transact(lambda rows: rows.settings.get("a")) == "1"
        await store.close()

    asyncio.run(story())
