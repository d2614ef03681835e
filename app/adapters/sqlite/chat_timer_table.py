"""Chat timers by identity and session: the newest by WhatsApp's clock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, literal, select, text
from sqlalchemy.dialects.sqlite import Insert, insert

from app.adapters.sqlite.exact_columns import LATEST
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.identifiers import IdentityId, SessionId


class ChatTimerTable:
    """Chat timers in SQL, each under its customer's identity alone."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection, self._rows = connection, given.tables.chat_timers
        rows = self._rows.c
        self._columns = (rows.seconds, rows.seen_at, rows.customer_id)
        self._check = RowCheck(self._rows.name, self._columns, given.cells)

    def record(self, identity: IdentityId, session_id: SessionId, seconds: int, at: datetime) -> None:
        values = {"customer_id": identity, "session_id": session_id, "seconds": seconds, "seen_at": at}
        self._connection.execute(_unless_older(insert(self._rows).values(values)))

    def newest_of(self, identities: Sequence[IdentityId], session_id: SessionId) -> int:
        """Return the newest timer that is readable; 0 without one."""
        rows = self._rows.c
        theirs = rows.customer_id.in_(identities) & (rows.session_id == session_id)
        found = self._connection.execute(
            select(*self._columns).where(theirs).order_by(rows.seen_at.desc())
        ).all()
        return next((int(row[0]) for row in found if self._check.reads(row, (row[-1], session_id))), 0)

    def merge(self, kept: IdentityId, gone: IdentityId) -> None:
        """Give the timers of `gone` to `kept`; of two of one session the newer one stays."""
        rows = self._rows.c
        theirs = select(literal(kept, rows.customer_id.type), rows.session_id, rows.seconds, rows.seen_at)
        names = [column.name for column in (rows.customer_id, rows.session_id, rows.seconds, rows.seen_at)]
        moved = insert(self._rows).from_select(names, theirs.where(rows.customer_id == gone))
        self._connection.execute(_unless_older(moved))
        self._connection.execute(delete(self._rows).where(rows.customer_id == gone))


def _unless_older(new: Insert) -> Insert:
    """Return the upsert; a stored moment that is unreadable is older than any."""
    stored = f"{new.table.name}.seen_at"
    return new.on_conflict_do_update(
        index_elements=["customer_id", "session_id"],
        set_={name: new.excluded[name] for name in ("seconds", "seen_at")},
        where=text(f"NOT ({stored} > excluded.seen_at AND {stored} <= {LATEST})"),
    )
