"""Durability check of a store: every promise is kept, and no torn transaction is left."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from app.adapters.sqlite.engine import reading_engine
from app.domain.identifiers import NotificationId, OrderId
from app.domain.order import STAGES
from app.domain.phone import Phone
from app.ports.store import Rows
from tests.harness.power.promises import Kept, Promise
from tests.harness.power.shop_harness import KEY_TYPE, KEYS_AT_ONCE, STATES, STATUSES, keys_of
from tests.harness.shop import MAIN


def damage(database: Path) -> list[str]:
    """Return the faults that SQLite's integrity and foreign key checks find in the file."""
    with reading_engine(database).begin() as connection:
        found = [str(line) for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars()]
        strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [
        *(f"integrity: {line}" for line in found if line != "ok"),
        *(f"stray: {row[0]}" for row in strays),
    ]


def broken(rows: Rows, promises: Iterable[Promise]) -> list[str]:
    """Return the promises that do not hold."""
    return [f"lost: {each.kept} {each.name}" for each in promises if not _HOLDS[each.kept](rows, each)]


def torn(rows: Rows, promises: Iterable[Promise]) -> Iterator[str]:
    """Yield halves of one transaction, whether it had ended when the power went or not."""
    for order in rows.orders.latest(10_000):
        stage = STAGES[STATUSES.index(order.status)]
        if stage not in {row.type for row in rows.notifications.of_order(order.id)}:
            yield f"torn: order {order.id} without its message"
    for batch in {each.name for each in promises if each.kept is Kept.KEYS}:
        values = rows.sessions.keys(MAIN, KEY_TYPE, keys_of(batch))
        if len(values) != KEYS_AT_ONCE or len(set(values.values())) != 1:
            yield f"torn: keys {batch}"


def _order(rows: Rows, promise: Promise) -> bool:
    order = rows.orders.get(OrderId(promise.name))
    return order is not None and STATUSES.index(order.status) >= promise.level


def _message(rows: Rows, promise: Promise) -> bool:
    row = rows.notifications.get(NotificationId(UUID(promise.name)))
    return row is not None and row.message_id == promise.words and bool(row.text)


def _state(rows: Rows, promise: Promise) -> bool:
    row = rows.notifications.get(NotificationId(UUID(promise.name)))
    return row is not None and row.state in STATES[promise.level :]


def _keys(rows: Rows, promise: Promise) -> bool:
    values = rows.sessions.keys(MAIN, KEY_TYPE, keys_of(promise.name))
    return len(values) == KEYS_AT_ONCE and all(int(value) >= promise.level for value in values.values())


def _credentials(rows: Rows, promise: Promise) -> bool:
    session = rows.sessions.get(MAIN)
    return session is not None and session.paired and int(session.credentials) >= promise.level


def _opt_out(rows: Rows, promise: Promise) -> bool:
    return rows.opt_outs.in_force(Phone(promise.name)) is not None


_HOLDS: Final[Mapping[Kept, Callable[[Rows, Promise], bool]]] = {
    Kept.ORDER: _order,
    Kept.MESSAGE: _message,
    Kept.STATE: _state,
    Kept.KEYS: _keys,
    Kept.CREDENTIALS: _credentials,
    Kept.OPT_OUT: _opt_out,
}
