"""Registry of the sqlite3 connections that a block of code opens, and the check that all are closed at its end."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread, current_thread
from typing import Any
from unittest.mock import patch

# A store closes its connections in their own threads, which may end a moment after the test.
_CLOSING_SECONDS = 5.0


@dataclass(frozen=True, eq=False)
class OpenedConnection:
    """An sqlite3 connection with its database and the thread that opened it."""

    database: str
    connection: sqlite3.Connection
    thread: Thread


# Python 3.13 warns when an open connection is collected, in whichever test runs then; what stands here never is.
_left_open: list[OpenedConnection] = []


@contextmanager
def recorded_connections() -> Iterator[list[OpenedConnection]]:
    """Record each connection that the block opens, also in threads that the block starts."""
    connect = sqlite3.connect
    opened: list[OpenedConnection] = []
    # What an earlier test's thread still opens is not this block's.
    earlier = {thread for thread in threading.enumerate() if thread is not current_thread()}

    def recorded(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(database, *arguments, **options)
        if current_thread() not in earlier:
            # The strong reference keeps the connection from closing itself unseen.
            opened.append(OpenedConnection(str(database), connection, current_thread()))
        return connection

    with patch.object(sqlite3, "connect", recorded):
        yield opened


def set_aside_open(opened: list[OpenedConnection]) -> list[str]:
    """Return the databases of connections that are still open, and keep these from being collected."""
    left = [each for each in opened if each not in _left_open and _stays_open(each)]
    _left_open.extend(left)
    return [each.database for each in left]


def _stays_open(opened: OpenedConnection) -> bool:
    if _is_open(opened.connection) and opened.thread is not current_thread():
        opened.thread.join(_CLOSING_SECONDS)
    return _is_open(opened.connection)


def _is_open(connection: sqlite3.Connection) -> bool:
    """Read a figure that every thread may read, and that a closed connection refuses."""
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False
