"""Sealing of personal cells, each bound to its own table, column and row (X3)."""

from uuid import UUID

from app.adapters.sqlite.unreadable_cells import UnreadableCells
from app.domain.errors import WrongKeyError
from app.ports.vault import Vault


class CellSealer:
    """Seals and opens cells; `former_opens` admits the former format, bound to table and column alone.

    It is switched off once all cells are sealed anew.
    """

    def __init__(self, vault: Vault, cells: UnreadableCells, *, former_opens: bool) -> None:
        self._vault, self._cells = vault, cells
        self.former_opens = former_opens

    def seal(self, table: str, column: str, row_id: UUID | str, text: str) -> bytes:
        """Return `text` sealed for this cell of the row."""
        return self._vault.seal(text.encode(), cell_context(table, column, row_id))

    def open(
        self, table: str, column: str, row_id: UUID | str, cell: object, former_context: str | None = None
    ) -> str | None:
        """Return the cell's text, or None where it does not open, which is reported; NULL gives None.

        `former_context` is `table.column` unless the former format was bound to more.
        """
        if cell is None:
            return None
        text = self.open_unreported(table, column, row_id, cell, former_context)
        if text is None:
            self._cells.report(table, column, row_id)
        return text

    def open_unreported(
        self, table: str, column: str, row_id: UUID | str, cell: object, former_context: str | None = None
    ) -> str | None:
        """Return the same as `open`, without a report."""
        former = (former_context or f"{table}.{column}") if self.former_opens else None
        if not isinstance(cell, bytes):
            return None
        try:
            return self._vault.open(cell, cell_context(table, column, row_id), former).decode()
        except (WrongKeyError, UnicodeDecodeError):
            return None


def cell_context(table: str, column: str, row_id: UUID | str) -> str:
    """Return the context that a cell is bound to; a UUID is written as its 32 stored hexadecimal digits."""
    return f"{table}.{column}\0{row_id.hex if isinstance(row_id, UUID) else row_id}"
