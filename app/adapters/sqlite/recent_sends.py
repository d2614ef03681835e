"""Query for the customers of recent sends, without reading whole rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.identifiers import SessionId
from app.domain.phone import Phone


class RecentSends:
    """Recent sends in SQL; a phone that does not open counts for its number's rate limit and for no customer's."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection, self._sealer = connection, given.sealer
        rows = given.tables.notifications
        self._table = rows.name
        self._columns = (rows.c.id, rows.c.session_id, rows.c.customer_phone, rows.c.sending_at)
        self._order = (rows.c.sending_at, rows.c.seq)
        self._sent = rows.c.sent_at.is_not(None)
        self._emptied = rows.c.emptied_at
        self._check = RowCheck(self._table, self._columns, given.cells)

    def since(self, moment: datetime) -> Sequence[tuple[SessionId, Phone, datetime]]:
        """Return session, phone and moment of the sends since this moment, oldest first.

        The moment is our own `sending_at`: `sent_at` comes from WhatsApp, with another clock.
        """
        _, _, _, sending_at = self._columns
        lately = select(*self._columns, self._emptied).where(sending_at >= moment, self._sent)
        told = lately.order_by(*self._order)
        found = [
            (tuple(row), emptied)
            for *row, emptied in self._connection.execute(told)
            if self._check.reads(row)
        ]
        return [(SessionId(row[1]), self._phone(row[0], row[2], emptied), row[3]) for row, emptied in found]

    def _phone(self, row_id: str, cell: bytes, emptied: object) -> Phone:
        return Phone("" if emptied else self._sealer.open(self._table, "customer_phone", row_id, cell) or "")
