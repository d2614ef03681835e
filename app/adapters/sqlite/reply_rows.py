"""What customers wrote, in SQL: sealed, under blind indexes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, text, update

from app.adapters.sqlite.customer_index import customer_index
from app.adapters.sqlite.tables import UNREAD, Tables
from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.opt_out import customer_forms
from app.domain.phone import Phone


class SqlReplyRows:
    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._vault = tables.vault
        self._rows, self._notifications = tables.inbound, tables.notifications

    def keep(self, reply: CustomerReply) -> bool:
        known = self._known(reply)
        if known is None:
            self._connection.execute(insert(self._rows).values(self._values(reply)))
            return True
        if not reply.replaces(_reply(known)):
            return False
        changed = update(self._rows).where(self._rows.c.seq == known.seq)
        self._connection.execute(
            changed.values(kind=reply.kind, content=reply.text, order_id=reply.order_id, read_at=None)
        )
        return True

    def of_order(self, order_id: OrderId) -> Sequence[CustomerReply]:
        rows = self._rows
        theirs = select(rows).where(rows.c.order_id == order_id).order_by(rows.c.received_at, rows.c.seq)
        return [_reply(row) for row in self._connection.execute(theirs)]

    def unread(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, int]:
        order_id = self._rows.c.order_id
        counted = select(order_id, func.count()).where(order_id.in_(order_ids), text(UNREAD))
        return {OrderId(row[0]): row[1] for row in self._connection.execute(counted.group_by(order_id))}

    def mark_read(self, order_id: OrderId, at: datetime) -> int:
        unread = update(self._rows).where(self._rows.c.order_id == order_id, text(UNREAD))
        return self._connection.execute(unread.values(read_at=at)).rowcount

    def told_order_of(self, phone: Phone) -> OrderId | None:
        rows = self._notifications.c
        forms = [self._vault.blind_index("phone", form.number) for form in customer_forms(phone)]
        told = select(rows.order_id).where(rows.phone_index.in_(forms), rows.order_id.is_not(None))
        found = self._connection.execute(told.order_by(rows.seq.desc()).limit(1)).scalar()
        return None if found is None else OrderId(found)

    def _known(self, reply: CustomerReply) -> Row[Any] | None:
        rows = self._rows
        same = and_(
            rows.c.phone_index == self._writer(reply.phone), rows.c.message_id == str(reply.message_id)
        )
        return self._connection.execute(select(rows).where(same)).first()

    def _values(self, reply: CustomerReply) -> dict[str, Any]:
        return {
            "message_id": reply.message_id,
            "session_id": reply.session_id,
            "phone_index": self._writer(reply.phone),
            "customer_phone": reply.phone.number,
            "kind": reply.kind,
            "content": reply.text,
            "received_at": reply.received_at,
            "live": reply.live,
            "order_id": reply.order_id,
            "read_at": reply.read_at,
        }

    def _writer(self, phone: Phone) -> bytes:
        """One index for all spellings; nothing where the number is hidden."""
        return customer_index(self._vault, phone) if phone.number else b""


def _reply(row: Row[Any]) -> CustomerReply:
    return CustomerReply(
        message_id=MessageId(row.message_id),
        session_id=SessionId(row.session_id),
        phone=Phone(row.customer_phone),
        kind=row.kind,
        text=row.content,
        received_at=row.received_at,
        live=row.live,
        order_id=None if row.order_id is None else OrderId(row.order_id),
        read_at=row.read_at,
        emptied=row.emptied_at is not None,
    )
