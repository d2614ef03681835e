"""The migration to doubts that are given up marks what may have left."""

import shutil
from pathlib import Path

import pytest

from app.adapters.sqlite.engine import writing_engine
from app.adapters.sqlite.migrating import migrate


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
