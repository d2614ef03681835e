"""Rows of customers' identities: aliases under blind indexes, their values sealed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.alias_lookup import AliasLookup, KnownAlias
from app.adapters.sqlite.identity_merge import IdentityMerge
from app.adapters.sqlite.prepared_statement import PreparedStatement
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.identifiers import IdentityId
from app.domain.identity import AliasKind, KnownAliases, connection_of
from app.domain.identity import Connection as IdentityConnection
from app.domain.lid import Address, Lid, address_forms, lid_of
from app.domain.phone import NO_PHONE, Phone

# A row is written anew at most once a day: most messages come from addresses seen just before.
_SEEN_AGAIN: Final = timedelta(days=1)


class SqlIdentityRows:
    """Identities in SQL; an address without a row has the id that is derived from its blind index."""

    def __init__(
        self, connection: Connection, given: RowDependencies, merge: IdentityMerge, aliases: AliasLookup
    ) -> None:
        self._connection = connection
        self._rows, self._numbers = given.tables.aliases, given.tables.numbers
        self._indexes, self._sealer, self._cells = given.indexes, given.sealer, given.cells
        self._entropy = given.entropy
        self._aliases = aliases
        self._merge = merge
        rows = self._rows.c
        owner = rows.identity_id == bindparam("identity", type_=rows.identity_id.type)
        theirs = owner & (rows.kind == bindparam("kind"))
        cached = self._numbers.c
        joined = self._rows.outerjoin(self._numbers, cached.phone_index == rows.alias_index)
        values = select(rows.alias_index, rows.id, rows.value, cached.id, cached.phone).select_from(joined)
        self._value_check = RowCheck(self._rows.name, [rows.alias_index, rows.id, rows.value], given.cells)
        self._values = PreparedStatement(connection, values.where(theirs).order_by(rows.seen_at.desc()))

    def of(self, address: Address) -> IdentityId:
        return self.all_of(address)[0]

    def all_of(self, address: Address) -> Sequence[IdentityId]:
        """Return the identity; several if an earlier version stored the spellings of the number apart.

        That version's rows of a spelling without an alias have the identity that is derived from its index.
        """
        known = self._found(address)
        first = address_forms(address)[0]
        derived = [IdentityId(UUID(bytes=index)) for index in self._indexes.own(first) if index not in known]
        return [*dict.fromkeys([*(each.identity for each in known.values()), *derived])]

    def prefetch(self, addresses: Sequence[Address]) -> None:
        """Look up the aliases of several addresses at once."""
        self._aliases.find(chain.from_iterable(map(self._indexes.own, addresses)))

    def knows(self, address: Address) -> bool:
        return bool(self._found(address))

    def same(self, one: Address, other: Address) -> bool:
        return NO_PHONE not in (one, other) and self.of(one) == self.of(other)

    def keep(self, address: Address, at: datetime) -> IdentityId:
        known, own = self._found(address), self._indexes.own(address)
        identities = {each.identity for each in known.values()}
        seen_at = known[own[0]].seen_at if own[0] in known else None
        if len(known) == len(own) and len(identities) == 1 and _lately(seen_at, at):
            return identities.pop()
        kept, *former = self.all_of(address)
        kind = AliasKind.LID if isinstance(address, Lid) else AliasKind.NUMBER
        for index in own[1:]:
            self._save(index, kept, kind)
        self._save(own[0], kept, kind, address.text, at)
        for gone in former:
            self._merge.merge(kept, gone)
        return kept

    def connect(self, phone: Phone, lid: Lid, at: datetime, *, live: bool = True) -> IdentityConnection:
        lid_known, current = bool(self._found(lid)), phone if live else self.phone_of(lid) or phone
        # A number from the history is older than one that was seen with a message.
        number, account = self.keep(phone, at if live else at - _SEEN_AGAIN), self.keep(lid, at)
        number_has_lid = any(self._of_kind(number, AliasKind.LID))
        mapping = connection_of(number, account, number_has_lid=number_has_lid, live=live)
        if mapping is IdentityConnection.JOINED:
            self._merge.merge(*((account, number) if lid_known else (number, account)))
        elif mapping is IdentityConnection.MOVED:
            self._merge.move(self._indexes.own(phone), number, account)
        if mapping is not IdentityConnection.CONTRADICTED and self.phone_of(lid) != current:
            self._save(self._indexes.exact(current), self.of(lid), AliasKind.NUMBER, current.text, at)
        return mapping

    def name(self, lid: Lid, username: str, at: datetime) -> None:
        identity, index = self.keep(lid, at), self._indexes.of_username(username)
        known = self._aliases.find([index]).get(index)
        if known and known.identity == identity and _lately(known.seen_at, at):
            return
        rows = self._rows.c
        former = (rows.identity_id == identity) & (rows.kind == AliasKind.USERNAME.value)
        self._connection.execute(delete(self._rows).where(former))
        self._aliases.forget()
        self._save(index, identity, AliasKind.USERNAME, username, at)

    def phone_of(self, lid: Lid) -> Phone | None:
        return next(map(Phone, self._opened(self.of(lid), AliasKind.NUMBER)), None)

    def lid_of(self, phone: Phone) -> Lid | None:
        return lid_of(next(self._opened(self.of(phone), AliasKind.LID), None))

    def username_of(self, lid: Lid) -> str | None:
        return next(self._opened(self.of(lid), AliasKind.USERNAME), None)

    def aliases_of(self, identity: IdentityId) -> KnownAliases:
        return KnownAliases(
            next(map(Phone, self._opened(identity, AliasKind.NUMBER)), None),
            lid_of(next(self._opened(identity, AliasKind.LID), None)),
            next(self._opened(identity, AliasKind.USERNAME), None),
        )

    def _found(self, address: Address) -> Mapping[bytes, KnownAlias]:
        """Return the rows of the address in any spelling, the given one first."""
        return self._aliases.find(self._indexes.own(address))

    def _of_kind(self, identity: IdentityId, kind: AliasKind) -> list[tuple[Any, ...]]:
        return self._values.all({"identity": identity, "kind": kind.value})

    def _opened(self, identity: IdentityId, kind: AliasKind) -> Iterator[str]:
        """Yield the readable values, the one seen last first; numbers of an earlier version come from its cache."""
        for index, row_id, value, cached_id, cached in self._of_kind(identity, kind):
            if not self._value_check.reads((index, row_id, value), index):
                continue
            if value is None and cached is not None:
                text = self._sealer.open(self._numbers.name, "phone", cached_id, cached)
            else:
                text = self._sealer.open(self._rows.name, "value", row_id, value)
            if text and self._index_of(kind, text) == index:
                yield text
            elif text:
                self._cells.report(self._rows.name, "alias_index", row_id)

    def _index_of(self, kind: AliasKind, text: str) -> bytes:
        if kind is AliasKind.USERNAME:
            return self._indexes.of_username(text)
        return self._indexes.exact(Lid(text) if kind is AliasKind.LID else Phone(text))

    def _save(
        self,
        index: bytes,
        identity: IdentityId,
        kind: AliasKind,
        text: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Insert or replace the alias; without a text, one that is known stays as it is."""
        row_id = self._entropy.uuid()
        values = {
            "alias_index": index,
            "id": row_id,
            "identity_id": identity,
            "kind": kind.value,
            "value": None if text is None else self._sealer.seal(self._rows.name, "value", row_id, text),
            "seen_at": at,
        }
        new = insert(self._rows).values(values)
        changed = ["identity_id"] if text is None else ["id", "identity_id", "kind", "value", "seen_at"]
        kept = {name: new.excluded[name] for name in changed}
        self._connection.execute(new.on_conflict_do_update(index_elements=["alias_index"], set_=kept))
        self._aliases.forget()


def _lately(seen_at: object, at: datetime) -> bool:
    """Return whether the row need not be written anew; a moment of a clock that was wrong does not count."""
    return isinstance(seen_at, datetime) and abs(at - seen_at) < _SEEN_AGAIN
