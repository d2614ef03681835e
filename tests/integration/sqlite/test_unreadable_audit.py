"""Audit log with rows that cannot be read: the entries behind them are verified all the same."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.audit import Actor, AuditResult
from tests.harness.access import AccessHarness
from tests.harness.opened_store import opened_training

pytestmark = pytest.mark.requirement("X5")

_UNREADABLE = (
    "INSERT INTO audit_log SELECT number + ?, at, act, actor, result, 'none' FROM audit_log WHERE number = 1"
)
_FORGED = "INSERT INTO audit_log SELECT 900, at, act, actor, result, mac FROM audit_log WHERE number = 1"


async def _recorded(folder: Path) -> bool:
    """Record one act, and return whether the log is sound."""
    store, vault = opened_training(folder)
    try:
        access = AccessHarness(store, vault=vault)
        await access.audit.record("act", Actor.MANAGER, AuditResult.ALLOWED)
        return (await access.audit.verify()).is_sound
    finally:
        await store.close()


def _tampered(folder: Path, *, forged: bool) -> None:
    with closing(sqlite3.connect(folder / "coco.db")) as database, database:
        database.executemany(_UNREADABLE, [(place,) for place in range(1, 701)])
        if forged:
            database.execute(_FORGED)


def test_verify_finds_an_entry_behind_a_page_of_unreadable_ones(tmp_path: Path) -> None:
    async def sound() -> bool:
        store, vault = opened_training(tmp_path)
        try:
            return (await AccessHarness(store, vault=vault).audit.verify()).is_sound
        finally:
            await store.close()

    assert asyncio.run(_recorded(tmp_path))
    _tampered(tmp_path, forged=True)
    assert not asyncio.run(sound())


def test_act_is_recorded_behind_unreadable_entries(tmp_path: Path) -> None:
    assert asyncio.run(_recorded(tmp_path))
    _tampered(tmp_path, forged=False)
    assert not asyncio.run(_recorded(tmp_path))
