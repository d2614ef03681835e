"""Rows of opt-outs, under blind indexes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as insert_once

from app.adapters.sqlite.alias_lookup import AliasLookup, KnownAlias
from app.adapters.sqlite.conditions import NOT_ENDED
from app.adapters.sqlite.customer_index import CustomerIndexes
from app.adapters.sqlite.exact_columns import EPOCH
from app.adapters.sqlite.prepared_statement import PreparedBatchStatement, PreparedStatement
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.errors import ContractViolationError
from app.domain.identifiers import IdentityId, MessageId
from app.domain.identity import AliasKind
from app.domain.lid import Address
from app.domain.opt_out import OptOut, OptOutSource
from app.ports.opt_out import LARGEST_PAGE, OptOutPage

_READ: Final = (
    "id",
    "opted_out_at",
    "source",
    "confirmation_id",
    "reason",
    "message_id",
    "undone_at",
    "undone_by",
    "undo_reason",
)
_LAST: Final = 2**63 - 1
_INDEX_BYTES: Final = 16


class SqlOptOutRows:
    """Opt-outs in SQL; an unreadable row still stands for an opt-out (X1)."""

    def __init__(self, connection: Connection, given: RowDependencies, aliases: AliasLookup) -> None:
        self._connection = connection
        self._sealer, self._entropy, self._saved = given.sealer, given.entropy, given.indexes.saved
        self._aliases, self._own = aliases, given.indexes.own
        self._indexes = CustomerIndexes(aliases, given.indexes)
        self._rows = given.tables.opt_outs
        self._heard = given.tables.heard_words
        columns = [self._rows.c[name] for name in _READ]
        self._check = RowCheck(self._rows.name, columns, given.cells)
        self._whole = select(*columns)
        rows = self._rows.c
        standing = select(rows.phone_index, *columns).where(text(NOT_ENDED)).order_by(rows.seq)
        self._in_force = PreparedBatchStatement(connection, standing, rows.phone_index)
        following = select(rows.seq, rows.phone_index, *columns).where(rows.seq < bindparam("before"))
        newest = following.order_by(rows.seq.desc()).limit(bindparam("limit"))
        self._newest = PreparedStatement(connection, newest)
        alias = given.tables.aliases.c
        named = given.tables.aliases.join(self._rows, rows.phone_index == alias.alias_index)
        of_identity = select(alias.identity_id, *columns).select_from(named)
        of_identity = of_identity.where(text(NOT_ENDED)).order_by(rows.seq)
        lids = (alias.identity_id == bindparam("identity", type_=alias.identity_id.type)) & (
            alias.kind == AliasKind.LID.value
        )
        self._lid_of_identity = select(alias.alias_index).where(lids).limit(1)
        self._of_identity = PreparedBatchStatement(connection, of_identity, alias.identity_id)

    def in_force(self, customer: Address) -> OptOut | None:
        return self.all_in_force([customer]).get(customer)

    def all_in_force(self, customers: Sequence[Address]) -> Mapping[Address, OptOut]:
        own = {customer: self._own(customer) for customer in customers}
        known = self._aliases.find(chain.from_iterable(own.values()))
        # Oldest first, so that the newest row of each key replaces the others.
        unknown = [index for theirs in own.values() for index in theirs if index not in known]
        newest: dict[object, Sequence[Any]] = {index: row for index, *row in self._in_force.all(unknown)}
        identities = {each.identity for each in known.values()}
        newest |= {identity: row for identity, *row in self._of_identity.all([*identities])}
        if not newest:
            return {}
        keys = {
            customer: [known[index].identity if index in known else index for index in theirs]
            for customer, theirs in own.items()
        }
        found = ((customer, next(filter(newest.get, theirs), None)) for customer, theirs in keys.items())
        return {customer: self._opt_out(newest[key]) for customer, key in found if key}

    def newest(self, limit: int, before: int | None = None) -> OptOutPage:
        limit = min(limit, LARGEST_PAGE)
        found = self._newest.all({"before": _LAST if before is None else before, "limit": limit})
        decided = [(index, self._opt_out(row)) for _, index, *row in found]
        standing = [(index, opt_out) for index, opt_out in decided if opt_out.undone_at is None]
        known = self._aliases.find(index for index, _ in standing if isinstance(index, bytes))
        rows = [(_identity(index, known), opt_out) for index, opt_out in standing]
        return OptOutPage(rows, found[-1][0] if len(found) == limit else None)

    def add(self, customer: Address, opt_out: OptOut) -> None:
        if self.in_force(customer) is not None:
            raise ContractViolationError("opted out already")
        self._insert(self._saved(customer), opt_out)

    def add_to_identity(self, identity: IdentityId, opt_out: OptOut) -> None:
        lid = self._connection.execute(self._lid_of_identity, {"identity": identity}).scalar()
        if lid is not None and not self._of_identity.all([identity]):
            self._insert(lid, opt_out)

    def _insert(self, index: bytes, opt_out: OptOut) -> None:
        row_id = self._entropy.uuid()
        values = {
            "phone_index": index,
            "id": row_id,
            "opted_out_at": opt_out.opted_out_at,
            "source": opt_out.source.value,
            "reason": self._sealed("reason", row_id, opt_out.reason),
            "message_id": opt_out.message_id,
            "confirmation_id": opt_out.confirmation_id,
        }
        self._connection.execute(insert(self._rows).values(values))

    def undo(self, customer: Address, at: datetime, by: OptOutSource, reason: str | None) -> None:
        theirs = self._rows.c.phone_index.in_(self._indexes.of(customer)) & text(NOT_ENDED)
        for seq, kept_id in self._connection.execute(select(self._rows.c.seq, self._rows.c.id).where(theirs)):
            row_id = kept_id if isinstance(kept_id, UUID) else self._entropy.uuid()
            ended = {"id": row_id, "undone_at": at, "undone_by": by.value}
            ended["undo_reason"] = self._sealed("undo_reason", row_id, reason)
            self._connection.execute(update(self._rows).where(self._rows.c.seq == seq).values(ended))

    def history(self, customer: Address) -> Sequence[OptOut]:
        theirs = self._whole.where(self._rows.c.phone_index.in_(self._indexes.of(customer)))
        return [self._opt_out(row) for row in self._connection.execute(theirs.order_by(self._rows.c.seq))]

    def hear(self, customer: Address, message_id: MessageId, at: datetime) -> bool:
        heard = self._heard.c
        under_any = heard.phone_index.in_(self._indexes.of(customer)) & (heard.message_id == str(message_id))
        if self._connection.execute(select(heard.heard_at).where(under_any)).first():
            return False
        word = {"phone_index": self._saved(customer), "message_id": message_id, "heard_at": at}
        new = insert_once(self._heard).values(word).on_conflict_do_nothing()
        return self._connection.execute(new).rowcount == 1

    def _sealed(self, column: str, row_id: UUID, text: str | None) -> bytes | None:
        return None if text is None else self._sealer.seal(self._rows.name, column, row_id, text)

    def _opt_out(self, row: Sequence[Any]) -> OptOut:
        """Return the row's opt-out; unreadable cells are missing, and an unreadable source counts as the manager."""
        faults = self._check.faults(row, hash(tuple(row)))
        cells = dict(zip(_READ, row, strict=True)) | dict.fromkeys(faults)
        for column in ("reason", "undo_reason"):
            cells[column] = self._sealer.open(self._rows.name, column, cells["id"] or "", cells[column])
        if "undone_at" in faults:
            cells["undone_by"] = None
        return OptOut(
            opted_out_at=cells["opted_out_at"] or EPOCH,
            source=cells["source"] or OptOutSource.MANAGER,
            confirmation_id=cells["confirmation_id"],
            reason=cells["reason"],
            message_id=cells["message_id"],
            undone_at=cells["undone_at"],
            undone_by=cells["undone_by"],
            undo_reason=cells["undo_reason"],
        )


def _identity(index: object, known: Mapping[bytes, KnownAlias]) -> IdentityId | None:
    """Return the identity of this index; without an alias it is the one that is derived from the index."""
    if not isinstance(index, bytes):
        return None
    if index in known:
        return known[index].identity
    return IdentityId(UUID(bytes=index)) if len(index) == _INDEX_BYTES else None
