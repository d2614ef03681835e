"""Lookup of aliases on one connection, remembered until one of them may have changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.prepared_statement import PreparedBatchStatement
from app.adapters.sqlite.tables import Tables
from app.adapters.sqlite.unreadable_cells import RowCheck, UnreadableCells
from app.domain.identifiers import IdentityId

_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class KnownAlias:
    """Stored alias: its identity, and when it was last seen."""

    identity: IdentityId
    seen_at: datetime | None


class AliasLookup:
    """A message needs its customer's aliases several times.

    `forget` is called by each write and by what undoes one; on a reading connection, before each unit of work.
    """

    def __init__(self, connection: Connection, tables: Tables, cells: UnreadableCells) -> None:
        rows = tables.aliases.c
        known = [rows.alias_index, rows.identity_id, rows.seen_at]
        self._check = RowCheck(tables.aliases.name, known, cells)
        self._known = PreparedBatchStatement(connection, select(*known), rows.alias_index)
        every = [rows.identity_id, rows.alias_index]
        self._every_check = RowCheck(tables.aliases.name, every, cells)
        self._every = PreparedBatchStatement(connection, select(*every), rows.identity_id)
        self._remembered: dict[bytes, KnownAlias | None] = {}

    def forget(self) -> None:
        self._remembered.clear()

    def find(self, indexes: Iterable[bytes]) -> Mapping[bytes, KnownAlias]:
        """Return the aliases with these indexes; an unreadable one counts as missing."""
        wanted = [*indexes]
        if len(self._remembered) > _REMEMBERED:
            self.forget()
        fresh = [index for index in dict.fromkeys(wanted) if index not in self._remembered]
        if fresh:
            self._remembered.update(dict.fromkeys(fresh))
            for row in self._known.all(fresh):
                if "identity_id" not in self._check.faults(row, row[0]):
                    seen_at = None if row[2] is UNREADABLE else row[2]
                    self._remembered[row[0]] = KnownAlias(IdentityId(row[1]), seen_at)
        return {index: known for index in wanted if (known := self._remembered[index])}

    def indexes_of(self, identities: Sequence[IdentityId]) -> Mapping[IdentityId, list[bytes]]:
        """Return the indexes of all aliases of these identities; an unreadable one is left out."""
        found: dict[IdentityId, list[bytes]] = {}
        for row in self._every.all(identities):
            if self._every_check.reads(row):
                found.setdefault(row[0], []).append(row[1])
        return found
