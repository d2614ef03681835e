"""Rows of WhatsApp's answers about numbers, and of accounts known by their LID."""

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    func,
    literal,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.conditions import SUSPECTED
from app.adapters.sqlite.prepared_statement import PreparedStatement
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.identifiers import SessionId
from app.domain.lid import Address, address_of

_READ: Final = ("id", "phone", "account", "checked_at", "phone_index")


class SqlNumberRows:
    """Cached number lookups in SQL.

    An unreadable answer counts as unknown: WhatsApp is asked again, and its answer replaces it (Z1).
    """

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        self._sealer, self._indexes = given.sealer, given.indexes
        self._cells, self._entropy = given.cells, given.entropy
        self._rows, self._aliases = given.tables.numbers, given.tables.aliases
        columns = [self._rows.c[name] for name in _READ]
        self._check = RowCheck(self._rows.name, columns, given.cells)
        new = insert(self._rows)
        kept = {column.name: new.excluded[column.name] for column in columns}
        self._upsert = new.on_conflict_do_update(index_elements=["phone_index"], set_=kept)
        # Session names separated by spaces; one more at either end lets each be matched whole.
        named = func.coalesce(type_coerce(self._rows.c.suspect_of, String), "", type_=String)
        self._sessions: ColumnElement[str] = literal(" ") + named + " "
        self._known = select(*columns)
        one = self._rows.c.phone_index == bindparam("which")
        self._get = PreparedStatement(connection, self._known.where(one))
        self._get_id = PreparedStatement(connection, select(self._rows.c.id).where(one))

    def get(self, address: Address) -> KnownNumber | None:
        row = self._get.first({"which": self._index(address)})
        known = None if row is None else self._read(row)
        return known if known and known.phone == address else None

    def save(self, known: KnownNumber) -> None:
        index = self._index(known.phone)
        row_id = self._row_id(index)
        account = known.account and json.dumps({"jid": known.account.jid, "lid": known.account.lid})
        values = {
            "phone_index": index,
            "id": row_id,
            "phone": self._sealer.seal(self._rows.name, "phone", row_id, known.phone.text),
            "account": account and self._sealer.seal(self._rows.name, "account", row_id, account),
            "checked_at": known.checked_at,
        }
        self._connection.execute(self._upsert, values)

    def suspect(self, address: Address, session_id: SessionId) -> None:
        theirs = self._rows.c.phone_index == self._index(address)
        named = func.trim(_without(self._sessions, session_id) + session_id, type_=String)
        self._connection.execute(update(self._rows).where(theirs).values(suspect_of=named))

    def suspects(self, session_id: SessionId) -> Sequence[KnownNumber]:
        theirs = func.instr(self._sessions, f" {session_id} ") > 0
        return self._many(self._known.where(text(SUSPECTED), theirs))

    def clear_suspects(self, addresses: Sequence[Address], session_id: SessionId) -> None:
        known = self._rows.c.phone_index.in_([self._index(each) for each in addresses])
        others = func.nullif(func.trim(_without(self._sessions, session_id)), "", type_=String)
        self._connection.execute(update(self._rows).where(known).values(suspect_of=others))

    def half_aliased(self) -> Sequence[KnownNumber]:
        """Return the cached numbers whose aliases a migration created without a value and without the second spelling.

        They are found by their missing retention date, which has an index.
        """
        aliases = self._aliases.c
        undated = aliases.retained_from.is_(None) & aliases.value.is_(None)
        taken_over = select(aliases.alias_index).where(undated, aliases.seen_at.is_not(None))
        return self._many(self._known.where(self._rows.c.phone_index.in_(taken_over)))

    def _row_id(self, index: bytes) -> UUID:
        """Return the row's id, which it keeps for good, or a new one."""
        row = self._get_id.first({"which": index})
        kept = None if row is None else row[0]
        return kept if isinstance(kept, UUID) else self._entropy.uuid()

    def _many(self, statement: Select[Any]) -> list[KnownNumber]:
        found = map(self._read, self._connection.execute(statement))
        return [known for known in found if known]

    def _read(self, row: Sequence[Any]) -> KnownNumber | None:
        row_id, phone_cell, account_cell, checked_at, index = row
        if not self._check.reads(row, index):
            return None
        number = self._sealer.open(self._rows.name, "phone", row_id, phone_cell)
        if number is None:
            return None
        address = address_of(number)
        if self._index(address) != index:
            self._cells.report(self._rows.name, "phone_index", row_id)
            return None
        account = self._account(row_id, account_cell)
        return None if account is UNREADABLE else KnownNumber(address, account, checked_at)

    def _account(self, row_id: UUID, cell: bytes | None) -> Any:  # noqa: ANN401 - an account, None or UNREADABLE
        """Return the stored account, None for a number without WhatsApp, or UNREADABLE."""
        if cell is None:
            return None
        kept = self._sealer.open(self._rows.name, "account", row_id, cell)
        if kept is None:
            return UNREADABLE
        try:
            return WhatsAppAccount(**json.loads(kept))
        except (ValueError, TypeError):
            self._cells.report(self._rows.name, "account", row_id)
            return UNREADABLE

    def _index(self, address: Address) -> bytes:
        return self._indexes.exact(address)


def _without(sessions: ColumnElement[str], session_id: SessionId) -> ColumnElement[str]:
    return func.replace(sessions, f" {session_id} ", " ", type_=String)
