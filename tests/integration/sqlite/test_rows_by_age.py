"""Rows that grow old are found by indexes of their own, and the migration marks what may have left."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.sqlite.engine import writing_engine
from app.adapters.sqlite.migrating import migrate
from app.adapters.sqlite.tables import (
    DOUBT_SINCE,
    FAILED,
    NEWS_SINCE,
    OPEN_DOUBT,
    PENDING,
    UNFINISHED,
)
from tests.simulators.opened_store import open_training_store

_ASKED = [
    (f"{PENDING} AND stage_at < 1", "ix_pending_stage"),
    (f"{PENDING} AND stage_at IS NOT NULL", "ix_pending_stage"),
    (f"{OPEN_DOUBT} AND {DOUBT_SINCE} < 1", "ix_open_doubt"),
    (f"{OPEN_DOUBT} AND session_id = 'main'", "ix_open_doubt"),
    (f"{FAILED} AND {NEWS_SINCE} >= 1", "ix_failed_news"),
    (f"{UNFINISHED} AND coalesce(changed_at, created_at) < 1", "ix_unfinished_of_customer"),
]


@pytest.mark.requirement("Z4")
@pytest.mark.parametrize(("condition", "index"), _ASKED)
def test_rows_by_age_are_found_by_an_index(condition: str, index: str, tmp_path: Path) -> None:
    asyncio.run(open_training_store(tmp_path).close())
    with closing(sqlite3.connect(tmp_path / "coco.db")) as database:
        explained = f"EXPLAIN QUERY PLAN SELECT * FROM whatsapp_notifications WHERE {condition}"
        assert index in str(database.execute(explained).fetchall())


@pytest.mark.requirement("Q4")
def test_migration_takes_what_was_being_sent_for_written(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copyfile("tests/fixtures/databases/0.1.0/training.db", old)
    with writing_engine(old).begin() as connection:
        connection.exec_driver_sql(
            "UPDATE whatsapp_notifications SET state = 'sending' WHERE state = 'in_doubt'"
        )
        migrate(connection)
        marked = connection.exec_driver_sql(
            "SELECT state, sending_at = on_wire_at FROM whatsapp_notifications WHERE on_wire_at IS NOT NULL"
        )
        assert marked.all() == [("sending", 1)]
