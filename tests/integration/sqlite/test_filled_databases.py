"""Databases that released versions filled open in the present one, with every row."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from app.bootstrap.database import DATABASE, open_folder
from app.domain.identifiers import OrderId, SessionId
from app.domain.notification import State
from app.ports.store import Rows
from tests.fixtures.databases.story import order_id
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


def read_all(release: Path, kind: str, folder: Path, work: Callable[[Rows], T]) -> T:
    """Open a copy of the database as the program does, and read from it."""
    shutil.copyfile(release / f"{kind}.db", folder / DATABASE)

    async def day() -> T:
        opened = open_folder(folder, MovedClock(_AFTER), SeededEntropy(), training=kind == "training")
        try:
            return await opened.store.read(work)
        finally:
            await opened.store.close()

    return asyncio.run(day())


@pytest.mark.parametrize("kind", ["real", "training"])
def test_release_keeps_every_order_and_message_when_it_is_opened(
    release: Path, kind: str, tmp_path: Path
) -> None:
    def work(rows: Rows) -> tuple[int, int, bool]:
        orders = rows.orders.latest(100)
        messages = [row for state in State for row in rows.notifications.in_state(state)]
        return len(orders), len(messages), all(row.text for row in messages if row.phone.number)

    with closing(sqlite3.connect(release / f"{kind}.db")) as before:
        orders = before.execute("SELECT count(*) FROM orders").fetchone()[0]
        messages = before.execute("SELECT count(*) FROM whatsapp_notifications").fetchone()[0]
    assert read_all(release, kind, tmp_path, work) == (orders, messages, True)


def test_release_keeps_session_replies_and_consents_when_it_is_opened(release: Path, tmp_path: Path) -> None:
    def work(rows: Rows) -> tuple[bool, list[str | None], list[str]]:
        session = rows.sessions.get(SessionId("main"))
        replies = rows.replies.of_order(OrderId(order_id(1)))
        consents = rows.consents.of_order(OrderId(order_id(7)))
        paired = session is not None and session.paired and bool(session.credentials)
        return paired, [each.text for each in replies], [each.wording for each in consents]

    read = read_all(release, "training", tmp_path, work)
    assert read == (True, ["Já estou chegando"], ["Oi! Quero acompanhar o pedido 7"])


def test_release_knows_of_no_deletion_and_no_choice_when_it_is_opened(release: Path, tmp_path: Path) -> None:
    def work(rows: Rows) -> set[tuple[object, ...]]:
        orders = rows.orders.latest(100)
        return {(order.deleted, order.stage_at, order.source_phone, order.emptied) for order in orders}

    assert read_all(release, "training", tmp_path, work) == {(False, None, None, False)}
