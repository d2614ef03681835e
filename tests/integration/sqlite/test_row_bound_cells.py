"""A sealed cell opens in its own row alone, and cells of an older format come to do so too (X3)."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Table

from app.adapters.sqlite.checked_columns import Sealed
from app.adapters.sqlite.opening import DatabaseKind, open_database
from app.adapters.sqlite.restoration import copy_candidate, put_in_place
from app.adapters.sqlite.store import SqliteStore
from app.adapters.sqlite.tables import Tables
from app.adapters.vault import DeviceKeySettings, device_key_source, unlock, with_new_data_key
from app.bootstrap.database import DATABASE, open_candidate, open_folder
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.ports.sealing import ResealPlace
from app.ports.store import Rows
from app.services.storage.resealer import Resealer
from tests.harness.damaged_database import FILE, fill, settle
from tests.harness.every_notification import every_notification, in_state
from tests.harness.opened_store import open_training_store
from tests.harness.shop import open_shop
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("X3")
T = TypeVar("T")
OLD = Path("tests/fixtures/databases/0.1.0")
MAIN = SessionId("main")
SEALED = [
    (table, column.name)
    for table in Tables().metadata.sorted_tables
    for column in table.c
    if isinstance(column.type, Sealed)
]
# Its former cells are bound to an id that only WhatsApp's protocol knows; each is sealed anew when it changes.
ALREADY_BOUND = "whatsapp_session_keys"


class NoPause(MovedClock):
    """Nobody else wants the database."""

    async def sleep(self, length: object) -> None:
        _ = length


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a training that version 0.1.0 has filled."""
    monkeypatch.setenv("COCO_MASTER_KEY", (OLD / "key").read_text("ascii").strip())
    shutil.copyfile(OLD / "training.db", tmp_path / DATABASE)
    return tmp_path


def opened(folder: Path) -> SqliteStore:
    return open_folder(folder, MovedClock(), SeededEntropy(), training=True).store


def within(folder: Path, work: Callable[[Rows], T], *, reseal: bool = False) -> T:
    """What `work` reads once the folder has been opened, and its cells have been sealed anew if asked."""

    async def day() -> T:
        store = opened(folder)
        try:
            if reseal:
                await Resealer(store, NoPause()).reseal()
            return await store.read(work)
        finally:
            await store.close()

    return asyncio.run(day())


def everything(rows: Rows) -> list[Any]:
    orders = rows.orders.latest(100)
    messages = every_notification(rows)
    session = rows.sessions.get(MAIN)
    kept: list[Any] = [orders, messages, session and session.credentials, session and session.phone]
    for order in orders:
        kept += [rows.replies.of_order(order.id), rows.consents.of_order(order.id)]
        kept += [
            rows.numbers.get(Phone(order.customer_phone)),
            rows.opt_outs.history(Phone(order.customer_phone)),
        ]
    return kept


def first_bytes(folder: Path, table: Table, column: str, file: str = DATABASE) -> set[bytes]:
    with closing(sqlite3.connect(folder / file)) as connection:
        cells = connection.execute(f"SELECT {column} FROM {table.name} WHERE length({column}) > 0")  # noqa: S608
        return {cell[:5] for (cell,) in cells}


def swap(path: Path, table: str, column: str, first: str, second: str) -> None:
    """Exchange the cells of two rows, which are named by conditions."""
    with closing(sqlite3.connect(path)) as connection, connection:
        cells = [
            connection.execute(f"SELECT {column} FROM {table} WHERE {row}").fetchone()[0]  # noqa: S608 - ours
            for row in (second, first)
        ]
        for row, cell in zip((first, second), cells, strict=True):
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {row}", (cell,))  # noqa: S608 - ours


def two_messages(folder: Path) -> tuple[str, str]:
    """Conditions that name two messages to different customers."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        query = "SELECT min(seq) FROM whatsapp_notifications WHERE emptied_at IS NULL GROUP BY phone_index LIMIT 2"
        (one,), (two,) = connection.execute(query).fetchall()
    return f"seq = {one}", f"seq = {two}"


def readable_phones(rows: Rows) -> int:
    return sum(bool(row.phone.text) for state in State for row in in_state(rows, state))


def test_every_customer_of_two_swapped_cells_is_left_untold(tmp_path: Path) -> None:
    async def day() -> None:
        clock = MovedClock()
        await fill(tmp_path, clock)
        swap(tmp_path / FILE, "whatsapp_notifications", "customer_phone", "seq = 2", "seq = 3")
        async with open_shop(store=open_training_store(tmp_path), clock=clock, seed=2, paired=False) as shop:
            await settle(shop)
            rows = [await shop.message(shop.order(number)) for number in (2, 3, 4)]
            assert [row.state for row in rows] == [State.FAILED, State.FAILED, State.SENT]
            assert [row.reason for row in rows[:2]] == ["unreadable"] * 2
            assert len(shop.messenger.sends) == 1

    asyncio.run(day())


@pytest.mark.parametrize(("table", "column"), SEALED, ids=str)
def test_a_cell_does_not_open_in_another_row(tmp_path: Path, table: Table, column: str) -> None:
    asyncio.run(fill(tmp_path, MovedClock()))
    key = ", ".join(each.name for each in table.primary_key)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        query = f"SELECT {column}, {key} FROM {table.name} WHERE length({column}) > 0 LIMIT 2"  # noqa: S608 - ours
        rows = connection.execute(query).fetchall()
        which = " AND ".join(f"{each.name} = ?" for each in table.primary_key)
        change = f"UPDATE {table.name} SET {column} = ? WHERE {which}"  # noqa: S608 - ours
        connection.execute(change, (rows[1][0], *rows[0][1:]))
    assert len(unopened(tmp_path)) == 1


def unopened(folder: Path) -> list[str]:
    """Columns of the cells that do not open in their rows."""

    async def day() -> list[str]:
        store = open_training_store(folder)
        sealer, tables = store._written.sealing._sealer, store._written.sealing._tables
        sealer.former_opens = False

        def work(_: Rows) -> list[str]:
            return [
                f"{table.name}.{column}"
                for table in tables
                for row in store._seen.sealing._connection.execute(table.after((), 100))
                for column, cell in table.cells_of(row)
                if cell and sealer.open(table.name, column, table.row_id_of(row) or "", cell) is None
            ]

        try:
            return await store.read(work)
        finally:
            await store.close()

    return asyncio.run(day())


def test_older_database_reads_the_same_before_and_after_resealing(
    old: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = within(old, everything)
    assert readable_phones_of(before)
    # The first opening completes aliases, and seals those anew.
    former = [each for each in SEALED if each[0].name != "whatsapp_aliases"]
    assert {first[:1] for table, column in former for first in first_bytes(old, table, column)} == {b"\x01"}
    assert within(old, everything, reseal=True) == before
    assert within(old, everything) == before
    assert "row_unreadable" not in [each.msg for each in caplog.records]


def readable_phones_of(read: list[Any]) -> bool:
    return bool(read[0]) and all(row.phone.text for row in read[1])


def test_resealer_leaves_no_cell_of_the_former_format(old: Path) -> None:
    assert within(old, lambda rows: rows.sealing.outdated())
    assert not within(old, lambda rows: rows.sealing.outdated(), reseal=True)
    for table, column in SEALED:
        versions = {first[:1] for first in first_bytes(old, table, column)}
        assert versions <= ({b"\x01"} if table.name == ALREADY_BOUND else {b"\x02"}), f"{table.name}.{column}"


@pytest.mark.slow
def test_resealer_may_be_killed_after_every_batch(old: Path) -> None:
    with closing(sqlite3.connect(old / DATABASE)) as connection, connection:
        connection.execute("DELETE FROM whatsapp_session_keys WHERE type = 'pre-key'")
    before = within(old, everything)
    upgraded = (old / DATABASE).read_bytes()
    for batches in range(1, 200):
        (old / DATABASE).write_bytes(upgraded)
        if asyncio.run(killed_after(batches, old, before)):
            return
        assert within(old, everything, reseal=True) == before
    pytest.fail("the pass does not end")


async def killed_after(batches: int, folder: Path, before: list[Any]) -> bool:
    """Whether the pass was over before so many batches; else the store is left as a kill leaves it."""
    store, place = opened(folder), ResealPlace()
    for _ in range(batches):
        following = await store.transact(lambda rows, place=place: rows.sealing.reseal(place, 7))  # type: ignore[misc]
        if following is None:
            await store.close()
            return True
        place = following
    assert await store.read(everything) == before
    for name in (DATABASE, f"{DATABASE}-wal"):
        shutil.copyfile(folder / name, folder / f"{name}.killed")
    await store.close()
    for name in (DATABASE, f"{DATABASE}-wal"):
        (folder / f"{name}.killed").replace(folder / name)
    return False


@pytest.mark.parametrize("reseal", [False, True], ids=["before", "after"])
def test_a_swapped_phone_of_an_older_database_is_refused(old: Path, *, reseal: bool) -> None:
    all_of_them = within(old, readable_phones)
    swap(old / DATABASE, "whatsapp_notifications", "customer_phone", *two_messages(old))
    assert within(old, readable_phones, reseal=reseal) == all_of_them - 2


def test_cell_of_the_former_format_does_not_open_once_all_are_resealed(old: Path) -> None:
    all_of_them = within(old, readable_phones, reseal=True)
    one, _ = two_messages(old)
    query = f"SELECT customer_phone FROM whatsapp_notifications WHERE {one}"  # noqa: S608 - ours
    with closing(sqlite3.connect(OLD / "training.db")) as former:
        (cell,) = former.execute(query).fetchone()
    with closing(sqlite3.connect(old / DATABASE)) as connection, connection:
        connection.execute(f"UPDATE whatsapp_notifications SET customer_phone = ? WHERE {one}", (cell,))  # noqa: S608
    assert within(old, readable_phones) == all_of_them - 1


def test_a_restored_copy_of_an_older_version_is_sealed_anew_again(old: Path) -> None:
    before = within(old, everything, reseal=True)
    candidate = copy_candidate(OLD / "training.db", old / DATABASE)
    store, _ = open_candidate(candidate, MovedClock(), SeededEntropy(), training=True)
    asyncio.run(store.close())
    put_in_place(candidate, old / DATABASE)
    assert within(old, everything) == before
    assert within(old, lambda rows: rows.sealing.outdated())
    assert within(old, everything, reseal=True) == before
    assert not within(old, lambda rows: rows.sealing.outdated())


def test_resealer_seals_under_the_new_data_key_after_a_rotation(tmp_path: Path) -> None:
    asyncio.run(fill(tmp_path, MovedClock()))
    chance = SeededEntropy(7)
    found = open_database(tmp_path / FILE, DatabaseKind.TRAINING)
    place = device_key_source(DeviceKeySettings(tmp_path, training=True), chance)
    turned = with_new_data_key(unlock(found.wraps, place, found.key_place, chance), chance)

    async def day() -> None:
        store = found.store(turned.vault, turned.wraps, turned.place, MovedClock(), chance)
        before = await store.read(everything)
        assert await store.read(lambda rows: rows.sealing.outdated())
        await Resealer(store, NoPause()).reseal()
        assert await store.read(everything) == before
        await store.close()

    asyncio.run(day())
    newest = turned.ring.newest.key_id.to_bytes(4, "big")
    for table, column in SEALED:
        assert first_bytes(tmp_path, table, column, FILE) == {b"\x02" + newest}, f"{table.name}.{column}"
