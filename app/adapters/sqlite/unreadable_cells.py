"""Report of unreadable cells: one log line each, and the table's name for listeners."""

import logging
from collections import deque
from collections.abc import Hashable, Sequence
from typing import Any, Final

from sqlalchemy import Column

from app.adapters.sqlite.checked_columns import UNREADABLE

_log = logging.getLogger(__name__)

# Bounded: a thoroughly damaged file must not fill the memory.
_REMEMBERED: Final = 10_000


class UnreadableCells:
    """Set of the reported cells, shared by the database threads; each cell is reported once."""

    def __init__(self) -> None:
        self._known: set[Hashable] = set()
        self._fresh: deque[str] = deque()

    def report(self, table: str, column: str, row: Hashable) -> None:
        """Log the column, never its content; `row` tells cells of one column apart."""
        cell = (table, column, row)
        if cell in self._known or len(self._known) >= _REMEMBERED:
            return
        self._known.add(cell)
        self._fresh.append(table)
        _log.error("row_unreadable", extra={"table": table, "column": column})

    def fresh(self) -> Sequence[str]:
        """Return the tables of the cells reported since the last call."""
        tables: list[str] = []
        while self._fresh:
            tables.append(self._fresh.popleft())
        return tables


class RowCheck:
    """Finds and reports the unreadable cells of fetched rows of one table."""

    def __init__(self, table: str, columns: Sequence[Column[Any]], cells: UnreadableCells) -> None:
        self._table, self._cells = table, cells
        self._names = [column.name for column in columns]
        self._required = [not column.nullable for column in columns]

    def faults(self, row: Sequence[Any], key: Hashable = None) -> tuple[str, ...]:
        """Return the names of the unreadable columns of this row, each reported."""
        found = tuple(
            name
            for name, required, cell in zip(self._names, self._required, row, strict=True)
            if cell is UNREADABLE or (required and cell is None)
        )
        for name in found:
            self._cells.report(self._table, name, hash(tuple(row)) if key is None else key)
        return found

    def reads(self, row: Sequence[Any], key: Hashable = None) -> bool:
        """Return whether every cell of the row is readable."""
        return not self.faults(row, key)
