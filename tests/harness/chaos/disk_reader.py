"""Read-only look at a database that another process writes or has left behind."""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

_TRIES: Final = 50
_MOMENT: Final = 0.1


class DiskReader:
    """Reader through a connection of its own for each question."""

    def __init__(self, database: Path) -> None:
        self._uri = database.absolute().as_uri() + "?mode=ro"

    def ask(self, question: str, about: Mapping[str, object] | None = None) -> Sequence[Any]:
        """Retry: a read-only connection cannot open a log before a writer has opened it."""
        for _ in range(_TRIES):
            with suppress(sqlite3.OperationalError):
                return self._ask_once(question, about or {})
            threading.Event().wait(_MOMENT)
        return self._ask_once(question, about or {})

    def _ask_once(self, question: str, about: Mapping[str, object]) -> Sequence[Any]:
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            return connection.execute(question, about).fetchall()
