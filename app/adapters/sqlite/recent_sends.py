"""Query for the customers of recent sends, without reading whole rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.identifiers import IdentityId, SessionId


class RecentSends:
    """Recent sends in SQL; an unreadable customer counts for its number's rate limit and for no customer's."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        rows = given.tables.notifications
        self._columns = (rows.c.session_id, rows.c.customer_id, rows.c.sending_at)
        self._order = (rows.c.sending_at, rows.c.seq)
        self._sent = rows.c.sent_at.is_not(None)
        self._check = RowCheck(rows.name, self._columns, given.cells)

    def since(self, moment: datetime) -> Sequence[tuple[SessionId, IdentityId | None, datetime]]:
        """Return session, customer and moment of the sends since this moment, oldest first.

        The moment is our own `sending_at`: `sent_at` comes from WhatsApp, with another clock.
        """
        *_, sending_at = self._columns
        lately = select(*self._columns).where(sending_at >= moment, self._sent).order_by(*self._order)
        rows = self._connection.execute(lately).all()
        readable = (row for row in rows if {"session_id", "sending_at"}.isdisjoint(self._check.faults(row)))
        return [
            (SessionId(session_id), None if customer is UNREADABLE else customer, at)
            for session_id, customer, at in readable
        ]
