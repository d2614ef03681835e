"""Start of a training: its database opens while Node starts the simulated world."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from threading import Event

import pytest

from app.adapters.sqlite.store import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap import shop
from app.bootstrap.database import OpenedFolder, open_folder
from app.bootstrap.options import Options
from app.domain.errors import DatabaseUnreadableError, SimulatorUnreachableError

TRAINING = Options(demo=True, headless=True)
_WITHIN = 20


def _open(folder: Path) -> OpenedFolder:
    """What the program itself would open."""

    async def opened() -> OpenedFolder:
        async with AsyncExitStack() as parts:
            found, _, url = await shop._opened_beside_world(
                folder, SystemClock(), SystemEntropy(), TRAINING, parts
            )
            assert url == "ws://world"
            await found.store.close()
            return found

    return asyncio.run(opened())


def test_training_opens_its_database_while_the_world_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting, made = Event(), Event()

    def opened(*given: object, **named: object) -> object:
        assert starting.wait(_WITHIN), "the world starts after the database"
        folder = open_folder(*given, **named)  # type: ignore[arg-type]
        made.set()
        return folder

    async def world(*_: object) -> tuple[None, str]:
        starting.set()
        assert await asyncio.to_thread(made.wait, _WITHIN), "the database waits for the world"
        return None, "ws://world"

    monkeypatch.setattr(shop, "open_folder", opened)
    monkeypatch.setattr(shop, "_world", world)
    _open(tmp_path)


def test_training_closes_its_database_when_the_world_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[SqliteStore] = []
    close = SqliteStore.close

    async def noted(store: SqliteStore) -> None:
        closed.append(store)
        await close(store)

    async def world(*_: object) -> tuple[None, str]:
        raise SimulatorUnreachableError

    monkeypatch.setattr(SqliteStore, "close", noted)
    monkeypatch.setattr(shop, "_world", world)
    with pytest.raises(SimulatorUnreachableError):
        _open(tmp_path)
    assert len(closed) == 1


def test_training_tells_why_its_database_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> OpenedFolder:
        raise DatabaseUnreadableError(reason="corrupt")

    async def world(*_: object) -> tuple[None, str]:
        return None, "ws://world"

    monkeypatch.setattr(shop, "open_folder", refused)
    monkeypatch.setattr(shop, "_world", world)
    with pytest.raises(DatabaseUnreadableError):
        _open(tmp_path)
