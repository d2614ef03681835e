"""Databases that released versions filled open in the present one, with every row."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.bootstrap.database import DATABASE, open_folder
from app.domain.identifiers import NotificationId, OrderId, SessionId
from app.domain.opt_out import OptOutSource
from app.domain.phone import Phone
from app.ports.store import Rows
from app.services.notifications.suppression import is_opted_out
from tests.fixtures.databases.story import order_id
from tests.harness.every_notification import every_notification
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

RELEASES = sorted(each for each in Path("tests/fixtures/databases").iterdir() if (each / "key").exists())
T = TypeVar("T")
_AFTER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(params=RELEASES, ids=lambda release: release.name)
def release(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    found: Path = request.param
    monkeypatch.setenv("COCO_MASTER_KEY", (found / "key").read_text("ascii").strip())
    return found


def run_all(release: Path, kind: str, folder: Path, work: Callable[[Rows], T]) -> T:
    """Open a copy of the database as the program does, and run one transaction in it."""
    shutil.copyfile(release / f"{kind}.db", folder / DATABASE)

    async def day() -> T:
        opened = open_folder(folder, MovedClock(_AFTER), SeededEntropy(), training=kind == "training")
        try:
            return await opened.store.transact(work)
        finally:
            await opened.store.close()

    return asyncio.run(day())


@pytest.mark.parametrize("kind", ["real", "training"])
def test_release_keeps_every_order_and_message_when_it_is_opened(
    release: Path, kind: str, tmp_path: Path
) -> None:
    def work(rows: Rows) -> tuple[int, int, bool]:
        orders = rows.orders.latest(100)
        messages = every_notification(rows)
        return len(orders), len(messages), all(row.text for row in messages if row.phone.text)

    with closing(sqlite3.connect(release / f"{kind}.db")) as before:
        orders = before.execute("SELECT count(*) FROM orders").fetchone()[0]
        messages = before.execute("SELECT count(*) FROM whatsapp_notifications").fetchone()[0]
    assert run_all(release, kind, tmp_path, work) == (orders, messages, True)


def test_release_keeps_session_replies_and_consents_when_it_is_opened(release: Path, tmp_path: Path) -> None:
    def work(rows: Rows) -> tuple[bool, list[str | None], list[str]]:
        session = rows.sessions.get(SessionId("main"))
        replies = rows.replies.of_order(OrderId(order_id(1)))
        consents = rows.consents.of_order(OrderId(order_id(7)))
        paired = session is not None and session.paired and bool(session.credentials)
        return paired, [each.text for each in replies], [each.wording for each in consents]

    read = run_all(release, "training", tmp_path, work)
    assert read == (True, ["Já estou chegando"], ["Oi! Quero acompanhar o pedido 7"])


def test_release_knows_of_no_deletion_and_no_choice_when_it_is_opened(release: Path, tmp_path: Path) -> None:
    def work(rows: Rows) -> set[tuple[object, ...]]:
        orders = rows.orders.latest(100)
        return {(order.deleted, order.stage_at, order.source_phone, order.is_erased) for order in orders}

    assert run_all(release, "training", tmp_path, work) == {(False, None, None, False)}


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("spelling", ["+5573988880005", "+557388880005"])
def test_release_finds_its_opt_outs_under_every_spelling(
    release: Path, spelling: str, tmp_path: Path
) -> None:
    def work(rows: Rows) -> tuple[int, list[bool]]:
        words = [
            row[0] for row in sql_of(rows).exec_driver_sql("SELECT message_id FROM whatsapp_heard_words")
        ]
        customer = Phone(spelling)
        return len(rows.opt_outs.history(customer)), [
            rows.opt_outs.hear(customer, word, _AFTER) for word in words
        ]

    assert run_all(release, "training", tmp_path, work) == (1, [False, False])


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("asked", ["+5215512345678", "+525512345678"])
@pytest.mark.parametrize("kept_as", ["+5215512345678", "+525512345678"])
def test_opt_out_of_a_release_counts_when_its_number_got_a_second_spelling(
    release: Path, kept_as: str, asked: str, tmp_path: Path
) -> None:
    """That release indexed a Mexican number as it was spelt; its row holds nothing to index it anew from."""

    def work(rows: Rows) -> tuple[bool, bool, bool]:
        key = rows.opt_outs._saved(Phone(kept_as))  # type: ignore[attr-defined]
        sql_of(rows).exec_driver_sql("UPDATE whatsapp_opt_outs SET phone_index = ?, undone_at = NULL", (key,))
        sql_of(rows).exec_driver_sql("UPDATE whatsapp_heard_words SET phone_index = ?", (key,))
        closed = is_opted_out(rows, Phone(asked), NotificationId(UUID(int=1)))
        rows.opt_outs.undo(Phone(asked), _AFTER, OptOutSource.MANAGER, "pediu no balcão")
        return closed, rows.opt_outs.in_force(Phone(kept_as)) is None, is_index_kept(rows, key)

    assert run_all(release, "training", tmp_path, work) == (True, True, True)


def is_index_kept(rows: Rows, key: bytes) -> bool:
    kept = sql_of(rows).exec_driver_sql("SELECT phone_index FROM whatsapp_opt_outs").fetchall()
    return [row[0] for row in kept] == [key]


def sql_of(rows: Rows) -> Connection:
    connection: Connection = rows.opt_outs._connection  # type: ignore[attr-defined]
    return connection
