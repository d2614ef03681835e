"""The judge of rotated keys finds the cells of an older key, and the ones whose key was dropped."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import DATABASE, OpenedFolder, open_folder
from app.services.storage.resealer import Resealer
from tests.contracts.asked_store import owed
from tests.harness.chaos.sealed_cells import SealedCells
from tests.harness.running_app import MASTER_KEY
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X3")

_SEALED_COLUMNS = 2


class _NoPause(MovedClock):
    async def sleep(self, length: timedelta) -> None:
        await self.advance(length)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with one message, sealed with a data key that was the newest one."""
    monkeypatch.setenv("COCO_MASTER_KEY", MASTER_KEY)

    async def fill(opened: OpenedFolder) -> None:
        await opened.store.transact(lambda rows: rows.notifications.add(owed()))
        await opened.custody.rotate()

    _within(tmp_path, fill)
    return tmp_path


def _within(folder: Path, work: Callable[[OpenedFolder], Awaitable[None]]) -> None:
    async def day() -> None:
        opened = open_folder(folder, SystemClock(), SystemEntropy(), training=True)
        await work(opened)
        await opened.store.close()

    asyncio.run(day())


def test_cells_of_an_older_key_are_named_until_they_are_sealed_anew(folder: Path) -> None:
    cells = SealedCells(folder)
    assert (len(cells.data_keys()), cells.resealed()) == (2, False)
    assert len([one for one in cells.count().broken if "older data key" in one]) >= _SEALED_COLUMNS
    _within(folder, lambda opened: Resealer(opened.store, _NoPause()).reseal())
    assert cells.resealed()
    assert cells.count().broken == ()
    assert cells.count().cells >= _SEALED_COLUMNS


def test_cells_whose_key_was_dropped_do_not_open(folder: Path) -> None:
    cells = SealedCells(folder)
    older = min(cells.data_keys())
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.execute("DELETE FROM vault_keys WHERE purpose = 'data' AND key_id = ?", (older,))
    assert older not in cells.data_keys()
    assert len([one for one in cells.count().broken if "does not open" in one]) >= _SEALED_COLUMNS
