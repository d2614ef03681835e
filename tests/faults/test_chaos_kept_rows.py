"""What the kills left in the database is told apart: over, for a person, or still to be brought to its end."""

import asyncio
from pathlib import Path
from typing import Any

from app.bootstrap.database import DATABASE
from app.domain.notification import Notification, State
from tests.contracts.asked_store import NOW, owed
from tests.harness.chaos.kept_rows import KeptRows
from tests.harness.opened_store import open_training_store

_DOUBT: dict[str, Any] = {"state": State.IN_DOUBT, "doubted_at": NOW, "reason": "owner_died"}

_UNSETTLED = (State.PENDING, State.SENDING, State.IN_DOUBT)


def _kept(folder: Path, *rows: Notification) -> KeptRows:
    async def fill() -> None:
        store = open_training_store(folder)
        for row in rows:
            await store.transact(lambda kept, row=row: kept.notifications.add(row))  # type: ignore[misc]
        await store.close()

    asyncio.run(fill())
    (folder / "coco.db").rename(folder / DATABASE)
    return KeptRows(folder)


def test_a_row_behind_a_doubt_for_a_person_is_unsettled(tmp_path: Path) -> None:
    doubt, behind = owed("o1", **_DOUBT, given_up_at=NOW), owed("o2")
    kept = _kept(tmp_path, doubt, behind)
    assert kept.unsettled() == {str(behind.id)}


def test_a_doubt_is_unsettled_until_it_is_left_to_a_person(tmp_path: Path) -> None:
    fresh, given_up = owed("o1", **_DOUBT, repeats=2), owed("o2", **_DOUBT, given_up_at=NOW)
    kept = _kept(tmp_path, fresh, given_up)
    assert kept.unsettled() == {str(fresh.id)}
    assert [kept.for_a_person(str(row.id)) for row in (fresh, given_up)] == [False, True]


def test_only_waiting_sending_and_doubted_rows_are_unsettled(tmp_path: Path) -> None:
    rows = {state: owed(f"order {state}", state=state, sent_at=NOW) for state in State}
    kept = _kept(tmp_path, *rows.values())
    assert kept.unsettled() == {str(rows[one].id) for one in _UNSETTLED}
    assert kept.undelivered() == 1


def test_a_row_that_was_in_doubt_is_known_by_it_for_good(tmp_path: Path) -> None:
    doubted, sound = owed("o1", state=State.READ, doubted_at=NOW), owed("o2", state=State.READ)
    kept = _kept(tmp_path, doubted, sound)
    assert [(row.id, row.doubted, row.seq) for row in kept.all()] == [
        (str(doubted.id), True, 1),
        (str(sound.id), False, 2),
    ]
