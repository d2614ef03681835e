"""Key custody over a real database: rotation while it is open, and the phrase that opens it elsewhere."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.sqlite.checked_columns import Sealed
from app.adapters.sqlite.opening import DatabaseKind, open_database
from app.adapters.sqlite.store import SqliteStore
from app.adapters.sqlite.tables import Tables
from app.adapters.vault import DeviceKeySettings, device_key_source, new_vault, recover, unlock
from app.adapters.vault.key_custody import VaultKeyCustody
from app.adapters.vault.unlocking import Unlocked
from app.domain.errors import WrongKeyError
from app.ports.sealing import ResealPlace
from app.ports.vault import KeyPurpose, WrappedFor
from app.services.storage.resealer import Resealer
from tests.contracts.asked_store import owed
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("X3")

FILE = "shop.db"


class _NoPause(MovedClock):
    """Clock on which a pass over the cells waits for no other transaction."""

    async def sleep(self, length: timedelta) -> None:
        await self.advance(length)


@dataclass(frozen=True)
class _Opened:
    store: SqliteStore
    unlocked: Unlocked
    custody: VaultKeyCustody


@asynccontextmanager
async def _opened(folder: Path, seed: int, phrase: str | None = None) -> AsyncIterator[_Opened]:
    """Open the folder's database, by the phrase where one is given."""
    found = open_database(folder / FILE, DatabaseKind.TRAINING)
    chance = SeededEntropy(seed)
    place = device_key_source(DeviceKeySettings(folder, training=True), chance)
    if found.is_new:
        unlocked = new_vault(place, chance)
    elif phrase is not None:
        unlocked = recover(found.wraps, phrase, place, chance)
    else:
        unlocked = unlock(found.wraps, place, found.key_place, chance)
    store = found.store(unlocked.vault, unlocked.wraps, unlocked.place, MovedClock(), chance)
    try:
        yield _Opened(store, unlocked, VaultKeyCustody(unlocked, store.keep_wraps, chance))
    finally:
        await store.close()


async def _text(opened: _Opened) -> str:
    row = await opened.store.read(lambda rows: rows.notifications.get(owed().id))
    assert row is not None
    return row.text


def test_rotation_seals_with_the_new_key_at_once_and_opens_the_old_cells(tmp_path: Path) -> None:
    async def story() -> None:
        async with _opened(tmp_path, 1) as opened:
            await opened.store.transact(lambda rows: rows.notifications.add(owed()))
            before = opened.unlocked.vault.sealing
            await opened.custody.rotate()
            assert opened.unlocked.vault.sealing != before
            assert await _text(opened) == owed().text
            assert await opened.store.read(lambda rows: rows.sealing.outdated())
        async with _opened(tmp_path, 2) as again:
            assert await _text(again) == owed().text
            await Resealer(again.store, _NoPause()).reseal()
            assert not await again.store.read(lambda rows: rows.sealing.outdated())
            assert await _text(again) == owed().text

    asyncio.run(story())


def test_rotation_that_cannot_be_stored_seals_with_the_old_key(tmp_path: Path) -> None:
    async def full(*_: object) -> None:
        raise OSError("full")

    async def story() -> None:
        async with _opened(tmp_path, 1) as opened:
            before = opened.unlocked.vault.sealing
            with pytest.raises(OSError, match="full"):
                await VaultKeyCustody(opened.unlocked, full, SeededEntropy(3)).rotate()
            assert opened.unlocked.vault.sealing == before

    asyncio.run(story())


def test_rotations_at_the_same_time_drop_no_key(tmp_path: Path) -> None:
    async def story() -> None:
        async with _opened(tmp_path, 1) as opened:
            await asyncio.gather(opened.custody.rotate(), opened.custody.rotate())
        wraps = open_database(tmp_path / FILE, DatabaseKind.TRAINING).wraps
        of_data = [each for each in wraps if each.purpose is KeyPurpose.DATA]
        assert len([each for each in of_data if each.wrapped_for is WrappedFor.DEVICE]) == 3

    asyncio.run(story())


def test_rotation_in_the_midst_of_a_pass_begins_it_anew(tmp_path: Path) -> None:
    async def story() -> None:
        async with _opened(tmp_path, 1) as opened:
            await opened.store.transact(lambda rows: rows.notifications.add(owed()))
            await opened.custody.rotate()
            place: ResealPlace | None = ResealPlace()
            last = len(opened.store._written.sealing._tables) - 1
            while place and place.table < last:
                place = await opened.store.transact(lambda rows, at=place: rows.sealing.reseal(at, 50))  # type: ignore[misc]
            await opened.custody.rotate()
            while place:
                place = await opened.store.transact(lambda rows, at=place: rows.sealing.reseal(at, 50))  # type: ignore[misc]
            assert not await opened.store.read(lambda rows: rows.sealing.outdated())
            assert all(opened.unlocked.vault.is_current(cell) for cell in _sealed_cells(tmp_path / FILE))

    asyncio.run(story())


def _sealed_cells(file: Path) -> list[bytes]:
    """Return the sealed cells of the one message."""
    sealed = [column.name for column in Tables().notifications.c if isinstance(column.type, Sealed)]
    with closing(sqlite3.connect(file)) as database:
        (row,) = database.execute(f"SELECT {', '.join(sealed)} FROM {Tables().notifications.name}").fetchall()  # noqa: S608
    found = [cell for cell in row if cell]
    assert found
    return found


def test_phrase_opens_a_rotated_database_without_its_device_key(tmp_path: Path) -> None:
    async def story() -> None:
        async with _opened(tmp_path, 1) as opened:
            await opened.store.transact(lambda rows: rows.notifications.add(owed()))
            phrase = opened.custody.draft_phrase()
            await opened.custody.keep_phrase(phrase)
            assert opened.custody.has_phrase
            assert opened.custody.opens(phrase)
            await opened.custody.rotate()
        (tmp_path / "training.key").unlink()
        async with _opened(tmp_path, 2, phrase) as again:
            assert await _text(again) == owed().text
        async with _opened(tmp_path, 3) as third:
            assert await _text(third) == owed().text
            assert third.custody.opens(phrase)

    asyncio.run(story())


def test_phrase_in_force_makes_the_former_one_void(tmp_path: Path) -> None:
    async def story() -> None:
        async with _opened(tmp_path, 1) as opened:
            former, latter = opened.custody.draft_phrase(), opened.custody.draft_phrase()
            await opened.custody.keep_phrase(former)
            await opened.custody.keep_phrase(latter)
            assert (opened.custody.opens(former), opened.custody.opens(latter)) == (False, True)
        with pytest.raises(WrongKeyError):
            async with _opened(tmp_path, 2, former):
                pytest.fail("opened")

    asyncio.run(story())
