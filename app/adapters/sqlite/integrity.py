"""Integrity check of the database file's pages; its duration grows with the file."""

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from app.adapters.sqlite.engine import reading_engine
from app.adapters.sqlite.failures import translated
from app.adapters.sqlite.plain_tables import settings
from app.domain.errors import DatabaseUnreadableError
from app.ports.store import FOUND_DAMAGED

_CHECK: Final = "PRAGMA quick_check(1)"


def check_integrity(connection: Connection) -> None:
    """Raise DatabaseUnreadableError where a page is damaged."""
    if connection.exec_driver_sql(_CHECK).scalar_one() != "ok":
        raise DatabaseUnreadableError(reason="corrupt")


def was_found_damaged(connection: Connection) -> bool:
    """Return whether a check during opening hours has found damage since the last sound one."""
    found = select(settings.c.value).where(settings.c.name == FOUND_DAMAGED)
    return bool(connection.execute(found).scalar_one_or_none())


async def check_file(path: Path) -> None:
    """Check the file on a connection and thread of its own; cancelling the task interrupts the check at once."""
    opened: list[sqlite3.Connection] = []

    def check() -> None:
        with translated(), reading_engine(path).connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine makes no other
            opened.append(driver)
            check_integrity(connection)

    try:
        await asyncio.to_thread(check)
    except asyncio.CancelledError:
        for connection in opened:
            with suppress(sqlite3.ProgrammingError):  # it has just been closed
                connection.interrupt()
        raise
