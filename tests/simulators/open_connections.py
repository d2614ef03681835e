"""Finds sqlite3 connections that a block of code opens and leaves open."""

import gc
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest


@contextmanager
def all_closed() -> Iterator[None]:
    """Fail when a connection that the block opened is still open at its end, in whichever thread."""
    connect = sqlite3.connect
    opened: list[tuple[str, sqlite3.Connection]] = []

    def recorded(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(database, *arguments, **options)
        # A connection that stands in the list is not collected, so none closes itself unseen.
        opened[:] = [*(one for one in opened if _is_open(one[1])), (str(database), connection)]
        return connection

    with patch.object(sqlite3, "connect", recorded):
        yield
    left = [database for database, connection in opened if _is_open(connection)]
    opened.clear()
    if left:
        # A connection refers to itself; collected later, it would be blamed on another test.
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()
        pytest.fail(f"sqlite3 connections left open: {', '.join(left)}", pytrace=False)


def _is_open(connection: sqlite3.Connection) -> bool:
    """Read a figure that every thread may read, and that a closed connection refuses."""
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False
