"""Runs several units of work in one transaction, so that one commit makes all of them safe."""

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
    """One unit of work, and how it ended."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        self.result = self._work()

    def fail(self, error: BaseException) -> None:
        self.result, self.error = None, error


class _TransactionLostError(Exception):
    """SQLite has undone everything, as it does when the disk is full."""


def run_together(connection: Connection, asked: Iterable[A]) -> list[A]:
    """All that were asked, each with its result or its own error; none is answered before the commit.

    One that fails is undone alone. Where the transaction itself is lost, or cannot be committed, none of it has
    happened, and each is run once more in a transaction of its own.
    """
    taken: list[A] = []
    try:
        with translated():
            _undo_leftover(connection)
            begun = connection.begin()
    except Exception as error:  # noqa: BLE001 - carried to everybody who asked
        for each in asked:
            each.fail(error)
            taken.append(each)
        return taken
    try:
        with translated(), begun:
            for each in asked:
                taken.append(each)
                _run_beside_others(connection, each)
    except Exception:  # noqa: BLE001 - each finds out for itself
        for each in taken:
            _run_alone(connection, each)
    return taken


def _undo_leftover(connection: Connection) -> None:
    """Roll back a transaction whose own end has failed: each later one would be refused because of it."""
    if connection.in_transaction():
        connection.rollback()
    driver = _driver(connection)
    if driver and driver.in_transaction:
        driver.rollback()


def _run_beside_others(connection: Connection, asked: GroupedWork) -> None:
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
    asked.error = None
    try:
        with translated(), connection.begin():
            asked.run()
    except BaseException as error:  # noqa: BLE001 - carried to whoever asked
        asked.fail(error)
