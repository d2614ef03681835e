"""What customers agreed to, in SQL: sealed, under blind indexes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.customer_index import customer_index
from app.adapters.sqlite.tables import Tables
from app.domain.consent import Consent, ConsentWay
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.phone import Phone


class SqlConsentRows:
    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._vault = tables.vault
        self._rows = tables.consents

    def keep(self, consent: Consent) -> bool:
        values = {
            "message_id": consent.message_id,
            "session_id": consent.session_id,
            "phone_index": self._index(consent.phone),
            "customer_phone": consent.phone.number,
            "way": consent.way.value,
            "wording": consent.wording,
            "given_at": consent.given_at,
            "order_id": consent.order_id,
        }
        new = insert(self._rows).values(values).on_conflict_do_nothing()
        return self._connection.execute(new).rowcount == 1

    def of_order(self, order_id: OrderId) -> Sequence[Consent]:
        rows = self._rows
        given = select(rows).where(rows.c.order_id == order_id).order_by(rows.c.seq)
        return [_consent(row) for row in self._connection.execute(given)]

    def orders_of(self, customer: Phone, since: datetime) -> int:
        rows = self._rows.c
        lately = (rows.phone_index == self._index(customer)) & (rows.given_at >= since)
        orders = select(func.count(rows.order_id.distinct())).where(lately, rows.emptied_at.is_(None))
        return self._connection.execute(orders).scalar_one()

    def _index(self, customer: Phone) -> bytes:
        return customer_index(self._vault, customer)


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        message_id=MessageId(row.message_id),
        session_id=SessionId(row.session_id),
        phone=Phone(row.customer_phone),
        way=ConsentWay(row.way),
        wording=row.wording,
        given_at=row.given_at,
        order_id=OrderId(row.order_id),
        emptied=row.emptied_at is not None,
    )
