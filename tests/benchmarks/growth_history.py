"""Fills a shop's database with years of finished orders, by direct INSERTs in bulk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random  # noqa: TID251 - ids by the million; nothing depends on them
from typing import Any, Final
from uuid import UUID

ORDERS_A_DAY: Final = 300
MESSAGES_AN_ORDER: Final = 3
_STAGES: Final = ("payment_confirmed", "preparing", "ready")
_MICROSECONDS: Final = 1_000_000
_DAY: Final = 86_400 * _MICROSECONDS
# How messages end, in every hundred: told, overtaken, refused, too late.
_ENDS: Final = (
    (90, "read", None),
    (8, "suppressed", "superseded"),
    (1, "failed", "refused:500"),
    (1, "suppressed", "stale"),
)

Row = dict[str, Any]


class History:
    """Takes one order and one message of today as patterns; the sealed cells of older rows open nowhere."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._path, self._chance = path, Random(20261130)  # noqa: S311 - the same shop at each run
        self._now = int(now.timestamp()) * _MICROSECONDS
        self._orders = 0
        self._customers = [self._chance.randbytes(16) for _ in range(5000)]
        with closing(self._open()) as database:
            self._order = _first(database, "orders")
            self._message = _first(database, "whatsapp_notifications")

    def grow(self, messages: int) -> None:
        """Add older days until the shop has had that many messages."""
        numbers = range(self._orders, messages // MESSAGES_AN_ORDER)
        with closing(self._open()) as database:
            database.execute("PRAGMA cache_size=-400000")
            with database:
                _insert(database, "orders", map(self._older_order, numbers))
                _insert(
                    database,
                    "whatsapp_notifications",
                    (self._older_message(number, stage) for number in numbers for stage in range(3)),
                )
                _insert(database, "whatsapp_contacts", self._contacts())
                _insert(database, "whatsapp_aliases", self._aliases())
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._orders = numbers.stop

    def hold(self, strangers: int) -> None:
        """Have so many messages to strangers wait before all others."""
        with closing(self._open()) as database, database:
            waiting = "state = 'pending' AND order_id LIKE 'held%'"
            (already,) = database.execute(
                f"SELECT count(*) FROM whatsapp_notifications WHERE {waiting}"  # noqa: S608 - made of constants
            ).fetchone()
            _insert(database, "whatsapp_notifications", map(self._held, range(already, strangers)))

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        database.execute("PRAGMA synchronous=OFF")
        return database

    def _older_order(self, number: int) -> Row:
        at = self._made_at(number)
        changed = {"created_at": at, "changed_at": at, "stage_at": at, "retained_from": at}
        own = {"id": f"old{number:09d}", "order_number": number + 1, "status": "completed"}
        return {**self._order, **changed, **own}

    def _older_message(self, number: int, stage: int) -> Row:
        at = self._made_at(number) + stage * 600 * _MICROSECONDS
        state, reason = self._end()
        second = _MICROSECONDS if state == "read" else None
        status = {"read": "sent", "failed": "failed"}.get(state, "cancelled")
        return {
            **self._row(at),
            "order_id": f"old{number:09d}",
            "notification_type": _STAGES[stage],
            **_of_customer(self._chance.choice(self._customers)),
            "state": state,
            "status": status,
            "reason": reason,
            "attempts": 1,
            "changed_at": at + 5 * _MICROSECONDS,
            "sending_at": second and at,
            "sent_at": second and at + second,
            "delivered_at": second and at + 3 * second,
            "read_at": second and at + 5 * second,
        }

    def _held(self, number: int) -> Row:
        at = self._now - 600 * _MICROSECONDS + number
        waits = {"order_id": f"held{number}", "notification_type": "ready", "priority": 3}
        waits |= {"state": "pending", "status": "pending", "reason": None, "attempts": 0}
        return {**self._row(at), **waits, **_of_customer(self._chance.randbytes(16)), "changed_at": None}

    def _row(self, at: int) -> Row:
        same = ("created_at", "scheduled_at", "stage_at", "retained_from")
        ids = {
            "id": UUID(int=self._chance.getrandbits(128)).hex,
            "wa_message_id": self._chance.randbytes(10).hex(),
        }
        moments = ("sending_at", "sent_at", "delivered_at", "read_at", "lease_owner", "lease_until")
        cleared = dict.fromkeys((*moments, "emptied_at", "seq", "on_wire_at", "doubted_at", "given_up_at"))
        return {**self._message, **cleared, **dict.fromkeys(same, at), **ids}

    def _contacts(self) -> Iterator[Row]:
        long_ago = self._now - 400 * _DAY
        for customer in self._customers:
            yield {"customer_id": customer.hex(), "session_id": "main", "wrote_at": None, "told_at": long_ago}

    def _aliases(self) -> Iterator[Row]:
        for customer in self._customers:
            id_ = UUID(int=self._chance.getrandbits(128)).hex
            yield {"alias_index": customer, "id": id_, "identity_id": customer.hex(), "kind": "number"}

    def _made_at(self, number: int) -> int:
        """Yesterday's last order is number 0; each day before it has as many."""
        return self._now - _DAY - number * _DAY // ORDERS_A_DAY

    def _end(self) -> tuple[str, str | None]:
        drawn = self._chance.randrange(100)
        for share, state, reason in _ENDS:
            if drawn < share:
                return state, reason
            drawn -= share
        raise AssertionError("the shares are a hundred together")


def _of_customer(index: bytes) -> Row:
    """Return the columns of a row's customer: the index of the number, and the identity that follows from it."""
    return {"phone_index": index, "customer_id": index.hex()}


def _first(database: sqlite3.Connection, table: str) -> Row:
    database.row_factory = sqlite3.Row
    row = dict(database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())  # noqa: S608 - a constant
    row.pop("error_message", None)
    return row


def _insert(database: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    for row in rows:
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        statement = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
        database.execute(statement, row)
        database.executemany(statement, rows)
