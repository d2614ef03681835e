"""Re-sealing of cells under the current format and data key, table by table."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, select, tuple_, type_coerce, update
from sqlalchemy.types import NullType

from app.adapters.sqlite.cell_sealer import cell_context
from app.adapters.sqlite.checked_columns import Sealed
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.setting_rows import SqlSettingRows
from app.ports.sealing import ResealPlace

_RAW: Final = NullType()
_SEALED_AS: Final = "cells_sealed_as"
"""Setting: format and data key under which all cells that open are sealed."""


def former_opens(settings: SqlSettingRows) -> bool:
    """Return whether cells of the former format may exist: until a pass over all cells has ended."""
    return settings.get(_SEALED_AS) is None


class SqlSealingRows:
    """Re-seals each table in the order of its primary key; rows written during the pass are current already."""

    def __init__(self, connection: Connection, given: RowDependencies, settings: SqlSettingRows) -> None:
        self._connection, self._settings = connection, settings
        self._vault, self._sealer = given.vault, given.sealer
        tables = given.tables.metadata.sorted_tables
        self._tables = [_SealedTable(table) for table in tables if _sealed_columns(table)]

    def outdated(self) -> bool:
        return self._settings.get(_SEALED_AS) != self._vault.sealing

    def reseal(self, place: ResealPlace, limit: int) -> ResealPlace | None:
        sealing = self._vault.sealing
        if place.sealing != sealing:
            # The tables behind the cursor are sealed with the former data key.
            place = ResealPlace(sealing=sealing)
        table = self._tables[place.table]
        found = self._connection.execute(table.after(place.last_key, limit)).all()
        for row in found:
            if fresh := self._fresh_cells(table, row):
                self._connection.execute(update(table.table).where(table.is_row(row)).values(fresh))
        if len(found) == limit:
            return ResealPlace(place.table, table.key_of(found[-1]), sealing)
        if place.table + 1 < len(self._tables):
            return ResealPlace(place.table + 1, sealing=sealing)
        self._settings.set(_SEALED_AS, sealing)
        self._sealer.former_opens = False
        return None

    def _fresh_cells(self, table: "_SealedTable", row: Sequence[Any]) -> Mapping[str, bytes]:
        """Return new cells for the outdated ones that open; the others stay as they are."""
        row_id = table.row_id_of(row)
        if row_id is None:
            return {}
        return {
            column: fresh
            for column, cell in table.cells_of(row)
            if isinstance(cell, bytes) and cell and not self._vault.is_current(cell)
            if (fresh := self._resealed(table, column, row_id, cell)) is not None
        }

    def _resealed(self, table: "_SealedTable", column: str, row_id: str, cell: bytes) -> bytes | None:
        text = self._sealer.open_unreported(
            table.name, column, row_id, cell, table.former_context(column, row_id)
        )
        return None if text is None else self._sealer.seal(table.name, column, row_id, text)


class _SealedTable:
    """One table in the pass: its key, id and sealed columns, each as the driver has them."""

    def __init__(self, table: Table) -> None:
        self.table, self.name = table, table.name
        self._key = list(table.primary_key.columns)
        self._id = [table.c[name] for name in table.info["row_id"]]
        self._sealed = _sealed_columns(table)
        self._columns = [type_coerce(column, _RAW) for column in (*self._key, *self._id, *self._sealed)]

    def after(self, last_key: tuple[object, ...], limit: int) -> Any:  # noqa: ANN401 - a select of raw cells
        rows = select(*self._columns).order_by(*self._key).limit(limit)
        return rows.where(self._raw_key() > tuple_(*last_key)) if last_key else rows

    def is_row(self, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a condition
        return self._raw_key() == tuple_(*self.key_of(row))

    def key_of(self, row: Sequence[Any]) -> tuple[object, ...]:
        return tuple(row[: len(self._key)])

    def row_id_of(self, row: Sequence[Any]) -> str | None:
        """Return the row's id, bytes as hexadecimal digits; None where a part is neither text nor bytes."""
        cells = row[len(self._key) : len(self._key) + len(self._id)]
        parts = [cell.hex() if isinstance(cell, bytes) else cell for cell in cells]
        return "\0".join(parts) if all(isinstance(part, str) for part in parts) else None

    def cells_of(self, row: Sequence[Any]) -> list[tuple[str, Any]]:
        cells = row[len(self._key) + len(self._id) :]
        return [(column.name, cell) for column, cell in zip(self._sealed, cells, strict=True)]

    def former_context(self, column: str, row_id: str) -> str | None:
        """Return the former context of a cell; cells of a session were bound to it in the former format too."""
        return cell_context(self.name, column, row_id) if "session_id" in self.table.info["row_id"] else None

    def _raw_key(self) -> Any:  # noqa: ANN401 - a row value
        return tuple_(*(type_coerce(column, _RAW) for column in self._key))


def _sealed_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if isinstance(column.type, Sealed)]
