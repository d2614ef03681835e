"""Queries of due rows of the queue, returned as if leased already."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, TextClause, bindparam, select, text, update

from app.adapters.sqlite.conditions import PENDING, TO_KNOWN, UNFINISHED, of_table
from app.adapters.sqlite.exact_columns import Moment
from app.adapters.sqlite.prepared_statement import PreparedStatement
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.domain.lease import Lease
from app.domain.rate_limit import Eligibility

_KNOWN_CUSTOMER = """AND EXISTS (
        SELECT 1 FROM whatsapp_contacts AS contact
        WHERE contact.customer_id = due.customer_id AND contact.session_id = due.session_id
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
        WHERE other.customer_id = due.customer_id AND {of_table("other", UNFINISHED)}
        AND (other.state = 'sending' OR other.seq < due.seq AND (
            other.state = 'pending' OR other.order_id = due.order_id AND other.given_up_at IS NULL
        ))
    )
    AND coalesce(due.customer_id, '') NOT IN (SELECT value FROM json_each(:resting) AS each)
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
        self._connection = connection
        rows = self._rows = given.tables.notifications
        due = {cold: _bound(sql) for cold, sql in ((True, _DUE_TO_ANYBODY), (False, _DUE_TO_KNOWN))}
        self._any = {
            cold: PreparedStatement(connection, each.columns(rows.c.seq)) for cold, each in due.items()
        }
        # The new lease in place of the stored one, which has expired or is unreadable: the claim overwrites it.
        lease = {name: bindparam(name, type_=rows.c[name].type) for name in ("lease_owner", "lease_until")}
        leased = [
            lease[column.name].label(column.name) if column.name in lease else column for column in columns
        ]
        self._find = {
            cold: PreparedStatement(connection, select(*leased).where(rows.c.seq.in_(each)))
            for cold, each in due.items()
        }

    def find(
        self, lease: Lease, now: datetime, limit: int, eligible: Eligibility
    ) -> Sequence[tuple[Any, ...]]:
        """Return up to `limit` due rows as they read under the lease, which is not written."""
        values = self._values(now, limit, eligible)
        return self._find[eligible.cold].all({**values, **_cells(lease)})

    def write_lease(self, places: Sequence[int], lease: Lease) -> None:
        """Write the lease alone, to the rows at these places in the queue."""
        leased = update(self._rows).where(self._rows.c.seq.in_(places))
        self._connection.execute(leased.values(**_cells(lease)))

    def is_due(self, now: datetime, eligible: Eligibility) -> bool:
        """Return whether `find` would find a row."""
        return self._any[eligible.cold].first(self._values(now, 1, eligible)) is not None

    def _values(self, now: datetime, limit: int, eligible: Eligibility) -> Mapping[str, object]:
        resting = json.dumps([customer.hex for customer in eligible.capped_customers])
        return {"now": now, "most": limit, "session": eligible.session_id, "resting": resting}


def _cells(lease: Lease) -> Mapping[str, object]:
    return {"lease_owner": lease.owner, "lease_until": lease.until}


def _bound(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("now", type_=Moment))
