"""Group commit: several units of work in one transaction share one durable commit."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from app.adapters.sqlite.failures import translated

_BEFORE: Final = "SAVEPOINT before_this_one"
_UNDO: Final = "ROLLBACK TO before_this_one"
_KEEP: Final = "RELEASE before_this_one"


A = TypeVar("A", bound="GroupedWork")


class GroupedWork:
    """Unit of work with its result or its error."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        self.result = self._work()

    def fail(self, error: BaseException) -> None:
        self.result, self.error = None, error


class _TransactionLostError(Exception):
    """SQLite has rolled back the whole transaction, as it does when the disk is full."""


def run_together(connection: Connection, asked: Iterable[A]) -> list[A]:
    """Run the units of work in one transaction; each gets its result or its own error after the commit.

    Each runs in a savepoint, so that a failing one is rolled back alone. Where the transaction itself is lost, or
    cannot be committed, no unit has taken effect, and each is run once more in a transaction of its own.
    """
    taken: list[A] = []
    try:
        with translated():
            _undo_leftover(connection)
            begun = connection.begin()
    except Exception as error:  # noqa: BLE001 - passed to all callers
        for each in asked:
            each.fail(error)
            taken.append(each)
        return taken
    try:
        with translated(), begun:
            for each in asked:
                taken.append(each)
                _run_in_savepoint(connection, each)
    except Exception:  # noqa: BLE001 - each unit is run again alone
        for each in taken:
            _run_alone(connection, each)
    return taken


def _undo_leftover(connection: Connection) -> None:
    """Roll back a transaction that failed to end: it would make each later one fail."""
    if connection.in_transaction():
        connection.rollback()
    driver = _driver(connection)
    if driver and driver.in_transaction:
        driver.rollback()


def _run_in_savepoint(connection: Connection, asked: GroupedWork) -> None:
    """Run one unit of work in a savepoint, inside the shared transaction."""
    driver = connection.connection.cursor()
    driver.execute(_BEFORE)
    try:
        with translated():
            asked.run()
    except BaseException as error:
        if not _still_in_transaction(connection):
            raise _TransactionLostError from error
        driver.execute(_UNDO)
        asked.fail(error)
    driver.execute(_KEEP)


def _still_in_transaction(connection: Connection) -> bool:
    driver = _driver(connection)
    return driver is not None and driver.in_transaction


def _driver(connection: Connection) -> sqlite3.Connection | None:
    driver = connection.connection.driver_connection
    return driver if isinstance(driver, sqlite3.Connection) else None


def _run_alone(connection: Connection, asked: GroupedWork) -> None:
    """Run one unit of work in a transaction of its own."""
    asked.error = None
    try:
        with translated(), connection.begin():
            asked.run()
    except BaseException as error:  # noqa: BLE001 - passed to the caller
        asked.fail(error)
