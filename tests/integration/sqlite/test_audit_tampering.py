"""Tampering with the audit log's file, by hand and by SQL: the verifier names the entry."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from app.domain.audit import Actor, AuditFault, AuditFinding, AuditResult
from app.services.access.audit_log import HEAD
from tests.harness.access import AccessHarness
from tests.harness.opened_store import opened_training
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("X5")

ENTRIES = 6
_FILE = "coco.db"
Tamper = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True)
class Case:
    """Tampering, and the findings that name it; `first` alone counts where it breaks all that follows."""

    tamper: Tamper
    first: AuditFinding
    others: tuple[AuditFinding, ...] | None = ()


def _altered(number: int) -> AuditFinding:
    return AuditFinding(number, AuditFault.ALTERED)


def _sql(*statements: str) -> Tamper:
    return lambda log: [log.execute(statement) for statement in statements]


def _edit(column: str, value: str) -> Case:
    return Case(_sql(f"UPDATE audit_log SET {column} = {value} WHERE number = 3"), _altered(3))  # noqa: S608


def _of_other(statement: str) -> Tamper:
    """A statement that finds another shop's log as `other`."""

    def tamper(log: sqlite3.Connection) -> None:
        folder = Path(log.execute("PRAGMA database_list").fetchone()[2]).parent / "other"
        folder.mkdir()
        asyncio.run(_fill(folder, seed=2))
        log.execute("ATTACH ? AS other", (str(folder / _FILE),))
        log.executescript(statement)

    return tamper


def _rechain(log: sqlite3.Connection) -> None:
    """Edit an entry and chain all that follow anew, head included, with a key of one's own."""
    log.execute("UPDATE audit_log SET act = 'other' WHERE number = 3")
    mac = b""
    for number, *event, kept in log.execute("SELECT * FROM audit_log ORDER BY number").fetchall():
        mac = kept if number < 3 else sha256(b"own key" + mac + repr((number, event)).encode()).digest()
        log.execute("UPDATE audit_log SET mac = ? WHERE number = ?", (mac, number))
    head_mac = sha256(b"own key" + mac).hexdigest()
    _set_head(log, number=ENTRIES, mac=mac.hex(), head_mac=head_mac)


def _set_head(log: sqlite3.Connection, **fields: object) -> None:
    log.execute("UPDATE settings SET value = ? WHERE name = ?", (json.dumps(fields), HEAD))


def _change_head(log: sqlite3.Connection, **fields: object) -> None:
    (kept,) = log.execute("SELECT value FROM settings WHERE name = ?", (HEAD,)).fetchone()
    _set_head(log, **json.loads(kept) | fields)


def _set_back(log: sqlite3.Connection) -> None:
    """Delete the last entry, and name the one before it in the head, whose own MAC is then unknown."""
    (mac,) = log.execute("SELECT mac FROM audit_log WHERE number = 5").fetchone()
    log.execute("DELETE FROM audit_log WHERE number = 6")
    _change_head(log, number=5, mac=mac.hex())


_TRUNCATED = AuditFault.TRUNCATED
_HEAD_ALTERED = AuditFault.HEAD_ALTERED
TAMPERINGS = {
    "act": _edit("act", "'other'"),
    "moment": _edit("at", "at + 1"),
    "actor": _edit("actor", "'cashier'"),
    "result": _edit("result", "'refused'"),
    "mac": Case(
        _sql("UPDATE audit_log SET mac = randomblob(32) WHERE number = 3"), _altered(3), (_altered(4),)
    ),
    "number": Case(
        _sql("UPDATE audit_log SET number = 9 WHERE number = 6"),
        AuditFinding(6, AuditFault.MISSING),
        (AuditFinding(6, _HEAD_ALTERED),),
    ),
    "unreadable": Case(
        _sql("UPDATE audit_log SET act = x'00ff' WHERE number = 3"), AuditFinding(3, AuditFault.MISSING)
    ),
    "deleted": Case(_sql("DELETE FROM audit_log WHERE number = 3"), AuditFinding(3, AuditFault.MISSING)),
    "deleted and numbered anew": Case(
        _sql(
            "DELETE FROM audit_log WHERE number = 3",
            "UPDATE audit_log SET number = number - 1 WHERE number = 4",
            "UPDATE audit_log SET number = number - 1 WHERE number = 5",
            "UPDATE audit_log SET number = number - 1 WHERE number = 6",
        ),
        _altered(3),
        None,
    ),
    "truncated": Case(_sql("DELETE FROM audit_log WHERE number > 4"), AuditFinding(5, _TRUNCATED)),
    "emptied": Case(_sql("DELETE FROM audit_log"), AuditFinding(1, _TRUNCATED)),
    "truncated with its head": Case(_set_back, AuditFinding(5, _HEAD_ALTERED)),
    "swapped": Case(
        _sql(
            "UPDATE audit_log SET number = 99 WHERE number = 3",
            "UPDATE audit_log SET number = 3 WHERE number = 4",
            "UPDATE audit_log SET number = 4 WHERE number = 99",
        ),
        _altered(3),
        (_altered(4), _altered(5)),
    ),
    "repeated": Case(
        _sql("INSERT INTO audit_log SELECT 7, at, act, actor, result, mac FROM audit_log WHERE number = 3"),
        _altered(7),
        (AuditFinding(6, _HEAD_ALTERED),),
    ),
    "inserted": Case(
        _sql(
            "UPDATE audit_log SET number = number + 100 WHERE number > 3",
            "UPDATE audit_log SET number = number - 99 WHERE number > 100",
            "INSERT INTO audit_log SELECT 4, at, 'other', actor, result, mac FROM audit_log WHERE number = 3",
        ),
        _altered(4),
        None,
    ),
    "head deleted": Case(
        _sql("DELETE FROM settings WHERE name = 'audit_head'"), AuditFinding(0, _HEAD_ALTERED)
    ),
    "head number": Case(lambda log: _change_head(log, number=5), AuditFinding(5, _HEAD_ALTERED)),
    "head mac": Case(lambda log: _change_head(log, mac="00" * 32), AuditFinding(6, _HEAD_ALTERED)),
    "head unreadable": Case(_set_head, AuditFinding(0, _HEAD_ALTERED)),
    "chained anew without the key": Case(_rechain, _altered(3), None),
    "moved from another database": Case(
        _of_other(
            "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM other.audit_log;"
            " DELETE FROM settings WHERE name = 'audit_head';"
            " INSERT INTO settings SELECT * FROM other.settings WHERE name = 'audit_head';"
        ),
        _altered(1),
        None,
    ),
    "entry of another database": Case(
        _of_other(
            "DELETE FROM audit_log WHERE number = 3;"
            " INSERT INTO audit_log SELECT * FROM other.audit_log WHERE number = 3;"
        ),
        _altered(3),
        (_altered(4),),
    ),
}


async def _fill(folder: Path, seed: int = 1) -> None:
    clock = MovedClock()
    store, vault = opened_training(folder, SeededEntropy(seed), clock)
    access = AccessHarness(store, clock, vault=vault)
    for each in range(ENTRIES):
        await access.audit.record(f"act_{each}", Actor.MANAGER, AuditResult.ALLOWED)
        await clock.advance(timedelta(seconds=1))
    await store.close()


async def _findings(folder: Path) -> tuple[AuditFinding, ...]:
    store, vault = opened_training(folder)
    try:
        return (await AccessHarness(store, vault=vault).audit.verify()).findings
    finally:
        await store.close()


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_verify_names_the_entry_that_was_tampered_with(tmp_path: Path, tampering: str) -> None:
    case = TAMPERINGS[tampering]
    asyncio.run(_fill(tmp_path))
    assert asyncio.run(_findings(tmp_path)) == ()
    with closing(sqlite3.connect(tmp_path / _FILE)) as log, log:
        case.tamper(log)
    first, *others = asyncio.run(_findings(tmp_path))
    assert first == case.first
    assert case.others is None or tuple(others) == case.others
