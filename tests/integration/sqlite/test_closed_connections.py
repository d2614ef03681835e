"""The store leaves no connection open when one of its two cannot be opened or closed."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.domain.errors import DatabaseBusyError, DatabaseHeldError
from tests.harness.opened_store import open_training_store


def test_store_closes_its_writer_when_the_reader_cannot_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(open_training_store(tmp_path).close())

    def refused(_: Path) -> Engine:
        raise DatabaseBusyError

    monkeypatch.setattr("app.adapters.sqlite.store.reading_engine", refused)
    before = set(threading.enumerate())
    with pytest.raises(DatabaseHeldError):
        open_training_store(tmp_path)
    assert set(threading.enumerate()) <= before


def test_store_closes_its_writer_when_the_reader_cannot_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_training_store(tmp_path)
    close_reader = store._reader.close

    async def close_and_fail() -> None:
        await close_reader()
        raise DatabaseBusyError

    monkeypatch.setattr(store._reader, "close", close_and_fail)
    with pytest.raises(DatabaseBusyError):
        asyncio.run(store.close())
    assert [file.name for file in tmp_path.glob("coco.db*")] == ["coco.db"]
