"""Lookup of aliases on one connection, remembered within one unit of work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.prepared_statement import PreparedBatchStatement
from app.adapters.sqlite.tables import Tables
from app.adapters.sqlite.unreadable_cells import RowCheck, UnreadableCells
from app.domain.identifiers import IdentityId


@dataclass(slots=True)
class KnownAlias:
    """Stored alias: its identity, when it was last seen, and the indexes of all aliases of that identity."""

    identity: IdentityId
    seen_at: datetime | None
    indexes: list[bytes]


class AliasLookup:
    """A message needs its customer's aliases several times; `forget` is called before each unit and by each write."""

    def __init__(self, connection: Connection, tables: Tables, cells: UnreadableCells) -> None:
        own, theirs = tables.aliases.alias("own"), tables.aliases.alias("theirs")
        joined = own.join(theirs, theirs.c.identity_id == own.c.identity_id)
        columns = [own.c.alias_index, own.c.identity_id, own.c.seen_at, theirs.c.alias_index]
        self._check = RowCheck(tables.aliases.name, columns, cells)
        found = select(*columns).select_from(joined)
        self._statement = PreparedBatchStatement(connection, found, own.c.alias_index)
        self._remembered: dict[bytes, KnownAlias | None] = {}

    def forget(self) -> None:
        self._remembered.clear()

    def find(self, indexes: Iterable[bytes]) -> Mapping[bytes, KnownAlias]:
        """Return the aliases with these indexes; an unreadable one counts as missing."""
        wanted = [*indexes]
        fresh = [index for index in dict.fromkeys(wanted) if index not in self._remembered]
        if fresh:
            self._remembered.update(dict.fromkeys(fresh))
            for row in self._statement.all(fresh):
                self._remember(row)
        return {index: known for index in wanted if (known := self._remembered[index])}

    def _remember(self, row: tuple[object, ...]) -> None:
        index, identity, seen_at, alias = row
        faults = self._check.faults(row, row[0])
        if "identity_id" in faults or not isinstance(index, bytes):
            return
        known = self._remembered[index]
        if known is None:
            moment = None if seen_at is UNREADABLE else seen_at
            known = self._remembered[index] = KnownAlias(identity, moment, [])  # type: ignore[arg-type]
        if isinstance(alias, bytes):
            known.indexes.append(alias)
