"""Rows of customer consents: sealed, under blind indexes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.alias_lookup import AliasLookup
from app.adapters.sqlite.customer_index import CustomerIndexes
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.consent import Consent
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.lid import Address, address_of
from app.domain.phone import NO_PHONE

# `retained_from` only starts the row's age; the consent is complete without it.
_DISPENSABLE: Final = frozenset({"retained_from"})


class SqlConsentRows:
    """Consents in SQL; an unreadable consent counts as missing."""

    def __init__(self, connection: Connection, given: RowDependencies, aliases: AliasLookup) -> None:
        self._connection = connection
        self._sealer, self._saved = given.sealer, given.indexes.saved
        self._indexes = CustomerIndexes(aliases, given.indexes)
        self._cells, self._entropy = given.cells, given.entropy
        self._rows = given.tables.consents
        self._check = RowCheck(self._rows.name, list(self._rows.c), given.cells)

    def keep(self, consent: Consent) -> bool:
        theirs = self._rows.c.phone_index.in_(self._indexes.of(consent.phone))
        same = theirs & (self._rows.c.message_id == consent.message_id) & self._rows.c.emptied_at.is_(None)
        if self._connection.execute(select(self._rows.c.seq).where(same)).first():
            return False
        row_id = self._entropy.uuid()
        values = {
            "id": row_id,
            "message_id": consent.message_id,
            "session_id": consent.session_id,
            "phone_index": self._saved(consent.phone),
            "customer_phone": self._sealed("customer_phone", row_id, consent.phone.text),
            "way": consent.way.value,
            "wording": self._sealed("wording", row_id, consent.wording),
            "given_at": consent.given_at,
            "order_id": consent.order_id,
        }
        new = insert(self._rows).values(values).on_conflict_do_nothing()
        return self._connection.execute(new).rowcount == 1

    def of_order(self, order_id: OrderId) -> Sequence[Consent]:
        rows = self._rows
        given = select(rows).where(rows.c.order_id == order_id).order_by(rows.c.seq)
        found = map(self._consent, self._connection.execute(given))
        return [consent for consent in found if consent]

    def orders_of(self, customer: Address, since: datetime) -> int:
        rows = self._rows.c
        theirs = rows.phone_index.in_(self._indexes.of(customer))
        lately = theirs & (rows.given_at >= since)
        orders = select(func.count(rows.order_id.distinct())).where(lately, rows.emptied_at.is_(None))
        return self._connection.execute(orders).scalar_one()

    def _sealed(self, column: str, row_id: UUID, text: str) -> bytes:
        return self._sealer.seal(self._rows.name, column, row_id, text)

    def _consent(self, row: Row[Any]) -> Consent | None:
        if set(self._check.faults(row, row.seq)) - _DISPENSABLE:
            return None
        emptied = row.emptied_at is not None
        phone, wording = (NO_PHONE, "") if emptied else self._opened(row)
        if phone is None or wording is None:
            return None
        return Consent(
            message_id=MessageId(row.message_id),
            session_id=SessionId(row.session_id),
            phone=phone,
            way=row.way,
            wording=wording,
            given_at=row.given_at,
            order_id=OrderId(row.order_id),
            is_erased=emptied,
        )

    def _opened(self, row: Row[Any]) -> tuple[Address | None, str | None]:
        number = self._sealer.open(self._rows.name, "customer_phone", row.id, row.customer_phone)
        wording = self._sealer.open(self._rows.name, "wording", row.id, row.wording)
        if number is None:
            return None, wording
        address = address_of(number)
        if self._saved(address) != row.phone_index:
            self._cells.report(self._rows.name, "phone_index", row.seq)
            return None, wording
        return address, wording
