"""PIN in a damaged row of the settings: it counts as set, and matches nothing."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import ManagerNeededError, WrongPinError
from app.services.access.pin import SETTING
from tests.harness.access import AccessHarness, open_access
from tests.harness.opened_store import open_training_store

pytestmark = pytest.mark.requirement("X5")

PIN = "2468"


async def _set_pin(folder: Path) -> None:
    store = open_training_store(folder)
    await open_access(store, pin=PIN)
    await store.close()


async def _try_pin(folder: Path) -> None:
    store = open_training_store(folder)
    try:
        access = AccessHarness(store)
        await access.pin.load()
        assert access.gate.has_pin
        with pytest.raises(WrongPinError):
            await access.gate.unlock(PIN)
        with pytest.raises(ManagerNeededError):
            await access.gate.remove_pin()
    finally:
        await store.close()


def test_pin_in_an_unreadable_cell_does_not_open_the_gate(tmp_path: Path) -> None:
    asyncio.run(_set_pin(tmp_path))
    with closing(sqlite3.connect(tmp_path / "coco.db")) as database, database:
        database.execute("UPDATE settings SET value = x'ff' WHERE name = ?", (SETTING,))
    asyncio.run(_try_pin(tmp_path))
