"""Lease of due rows of the queue, in one atomic statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, TextClause, bindparam, text, update

from app.adapters.sqlite.conditions import PENDING, TO_KNOWN, UNFINISHED, of_table
from app.adapters.sqlite.exact_columns import Moment
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.domain.lease import Lease
from app.domain.rate_limit import Eligibility

_KNOWN_CUSTOMER = """AND EXISTS (
        SELECT 1 FROM whatsapp_contacts AS contact
        WHERE contact.phone_index = due.phone_index AND contact.session_id = due.session_id
        AND (contact.wrote_at IS NOT NULL OR contact.told_at IS NOT NULL)
    )"""


def _due(index: str, condition: str, customer: str) -> str:
    """Return the query of due rows in sending order, priority by priority, up to the limit.

    Rows of other sessions, of held strangers, and due later cost no time: they are outside of the index range. SQLite
    uses a partial index only where it can read its condition, hence the states as literals.
    """
    level = f"SELECT max(priority) FROM whatsapp_notifications INDEXED BY {index} WHERE {condition}"  # noqa: S608
    return f"""
    WITH RECURSIVE level(priority) AS (
        {level} AND session_id = :session
        UNION ALL
        SELECT ({level} AND session_id = :session AND priority < level.priority) FROM level
        WHERE level.priority IS NOT NULL
    )
    SELECT due.seq FROM level CROSS JOIN whatsapp_notifications AS due INDEXED BY {index}
    WHERE due.{condition} AND due.session_id = :session
    AND due.priority = level.priority AND due.scheduled_at <= :now
    AND (due.lease_until IS NULL OR due.lease_until <= :now)
    AND NOT EXISTS (
        SELECT 1 FROM whatsapp_notifications AS other
        WHERE other.phone_index = due.phone_index AND {of_table('other', UNFINISHED)}
        AND (other.state = 'sending' OR other.seq < due.seq AND (
            other.state = 'pending' OR other.order_id = due.order_id AND other.given_up_at IS NULL
        ))
    )
    AND due.phone_index NOT IN :resting
    {customer}
    LIMIT :most
    """  # noqa: S608 - made of constants


_DUE_TO_ANYBODY = _due("ix_due", PENDING, "")
_DUE_TO_KNOWN = _due("ix_due_to_known", f"{PENDING} AND {TO_KNOWN}", _KNOWN_CUSTOMER)


class Leasing:
    """Queries of due rows; where strangers are held, a smaller index without them is walked."""

    def __init__(
        self, connection: Connection, given: RowDependencies, columns: Sequence[ColumnElement[Any]]
    ) -> None:
        self._connection, self._vault = connection, given.vault
        rows = given.tables.notifications
        self._due = {cold: _bound(sql) for cold, sql in ((True, _DUE_TO_ANYBODY), (False, _DUE_TO_KNOWN))}
        taken = {"lease_owner": bindparam("owner"), "lease_until": bindparam("until", type_=Moment)}
        self._lease = {
            cold: update(rows).where(rows.c.seq.in_(due)).values(taken).returning(*columns)
            for cold, due in self._due.items()
        }

    def take(self, lease: Lease, now: datetime, limit: int, eligible: Eligibility) -> CursorResult[Any]:
        """Lease up to `limit` rows atomically: one statement, so that two owners cannot take the same row (Q2)."""
        values = {"owner": lease.owner, "until": lease.until, **self._values(now, limit, eligible)}
        return self._connection.execute(self._lease[eligible.cold], values)

    def is_due(self, now: datetime, eligible: Eligibility) -> bool:
        """Return whether `take` would find a row."""
        return (
            self._connection.execute(self._due[eligible.cold], self._values(now, 1, eligible)).first()
            is not None
        )

    def _values(self, now: datetime, limit: int, eligible: Eligibility) -> Mapping[str, object]:
        resting = [self._vault.blind_index("phone", phone.number) for phone in eligible.capped_customers]
        return {"now": now, "most": limit, "session": eligible.session_id, "resting": resting}


def _bound(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("now", type_=Moment), bindparam("resting", expanding=True))
