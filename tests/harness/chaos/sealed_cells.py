"""Sealed cells and wrapped keys as the program left them: which data key sealed a cell, and whether it opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Table

from app.adapters.sqlite.cell_sealer import cell_context
from app.adapters.sqlite.checked_columns import Sealed
from app.adapters.sqlite.opening import DatabaseKind, open_database
from app.adapters.sqlite.tables import Tables
from app.adapters.system.entropy import SystemEntropy
from app.adapters.vault import KeyRingVault, unlock
from app.adapters.vault.file_sources import EnvironmentSource
from app.bootstrap.database import DATABASE
from app.domain.errors import WrongKeyError
from tests.harness.chaos.disk_reader import DiskReader
from tests.harness.running_app import MASTER_KEY

_DATA_KEYS: Final = "SELECT key_id FROM vault_keys WHERE purpose = 'data' AND wrapped_for = 'device'"
_SEALED_AS: Final = "SELECT value FROM settings WHERE name = 'cells_sealed_as'"
_FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class CellCount:
    """Cells of one database; `broken` names the columns of those that do not open or are not sealed anew."""

    cells: int
    broken: tuple[str, ...]


class SealedCells:
    def __init__(self, folder: Path) -> None:
        self._database = folder / DATABASE
        self._disk = DiskReader(self._database)

    def data_keys(self) -> frozenset[int]:
        return frozenset(row[0] for row in self._disk.ask(_DATA_KEYS))

    def resealed(self) -> bool:
        """Whether a pass over all cells has ended under the newest data key."""
        found = self._disk.ask(_SEALED_AS)
        return bool(found) and found[0][0] == f"{_FORMAT}:{max(self.data_keys())}"

    def count(self) -> CellCount:
        """Open every cell with the stored keys; the program must be closed."""
        vault, cells, broken = self._vault(), 0, list[str]()
        for column, context, cell in self._cells():
            cells += 1
            if not _opens(vault, cell, context):
                broken.append(f"a cell of {column} does not open")
            elif not vault.is_current(cell):
                broken.append(f"a cell of {column} is sealed with an older data key")
        return CellCount(cells, tuple(broken))

    def _vault(self) -> KeyRingVault:
        opened = open_database(self._database, DatabaseKind.TRAINING)
        source = EnvironmentSource(MASTER_KEY)
        return unlock(opened.wraps, source, opened.key_place, SystemEntropy()).vault

    def _cells(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield the column, the context and the bytes of each cell."""
        for table in Tables().metadata.sorted_tables:
            sealed = [column for column in table.c if isinstance(column.type, Sealed)]
            for row in self._rows(table, sealed):
                row_id = "\0".join(
                    part.hex() if isinstance(part, bytes) else part for part in row[len(sealed) :]
                )
                for column, cell in zip(sealed, row, strict=False):
                    if cell:
                        yield str(column), cell_context(table.name, column.name, row_id), cell

    def _rows(self, table: Table, sealed: list[Column[Any]]) -> list[Any]:
        if not sealed:
            return []
        names = [column.name for column in sealed] + list(table.info["row_id"])
        return list(self._disk.ask(f"SELECT {', '.join(names)} FROM {table.name}"))  # noqa: S608 - our own names


def _opens(vault: KeyRingVault, cell: bytes, context: str) -> bool:
    try:
        vault.open(cell, context)
    except WrongKeyError:
        return False
    return True
