"""Restoration from the stop page: a shop whose database is gone opens again from the chosen copy."""

import asyncio
from pathlib import Path

import pytest

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.backups import back_up
from app.bootstrap.database import DATABASE, OpenedFolder, open_folder
from app.bootstrap.options import Options
from app.bootstrap.windowed import _Windowed
from app.domain.errors import BackupRefusedError, DatabaseVanishedError
from tests.contracts.asked_store import owed
from tests.harness.running_app import MASTER_KEY

pytestmark = pytest.mark.requirement("X3")


def _open(folder: Path) -> OpenedFolder:
    return open_folder(folder, SystemClock(), SystemEntropy(), training=False)


def _restore(window: _Windowed, folder: Path, file: Path) -> None:
    window._folder = folder
    asyncio.run(window._restore(file))


def test_window_restores_a_vanished_database_and_refuses_a_damaged_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCO_MASTER_KEY", MASTER_KEY)
    folder, copy, damaged = tmp_path / "loja", tmp_path / "copia.db", tmp_path / "ruim.db"
    options = Options(data_dir=folder)

    async def fill() -> None:
        opened = _open(folder)
        await opened.store.transact(lambda rows: rows.notifications.add(owed()))
        await opened.store.close()

    async def kept_text() -> str | None:
        opened = _open(folder)
        row = await opened.store.read(lambda rows: rows.notifications.get(owed().id))
        await opened.store.close()
        return row.text if row else None

    asyncio.run(fill())
    back_up(options, copy)
    (folder / DATABASE).unlink()
    (folder / "version.number").touch()
    with pytest.raises(DatabaseVanishedError):
        _open(folder)
    damaged.write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(BackupRefusedError):
        _restore(_Windowed(options), folder, damaged)
    with pytest.raises(DatabaseVanishedError):
        _open(folder)
    _restore(_Windowed(options), folder, copy)
    assert asyncio.run(kept_text()) == owed().text
