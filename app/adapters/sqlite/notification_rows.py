"""Rows of the notification queue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    TextClause,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.conditions import PENDING, UNFINISHED, WAITING
from app.adapters.sqlite.exact_columns import Moment
from app.adapters.sqlite.identity_rows import SqlIdentityRows
from app.adapters.sqlite.leasing import Leasing
from app.adapters.sqlite.notification_columns import (
    CHANGING_COLUMNS,
    FIRST_COLUMNS,
    changing_values,
    first_values,
)
from app.adapters.sqlite.notification_reader import NotificationReader
from app.adapters.sqlite.prepared_statement import PreparedBatchStatement, PreparedStatement
from app.adapters.sqlite.recent_sends import RecentSends
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.adapters.sqlite.unreadable_notifications import UnreadableNotifications
from app.adapters.sqlite.untold_messages import untold_messages
from app.domain.errors import ContractViolationError, UnknownNotificationError
from app.domain.identifiers import IdentityId, MessageId, NotificationId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.lid import Address
from app.domain.notification import UNFINISHED as UNFINISHED_STATES
from app.domain.notification import UNREADABLE as UNREADABLE_ROW
from app.domain.notification import Notification, State
from app.domain.phone import NO_PHONE
from app.domain.rate_limit import Eligibility
from app.domain.untold import UntoldMessage


class SqlNotificationRows:
    """Notification queue in SQL; statements are built once per connection, and SQLite prepares each once."""

    def __init__(self, connection: Connection, given: RowDependencies, identities: SqlIdentityRows) -> None:
        self._connection, self._identities = connection, identities
        self._sealer, self._indexes = given.sealer, given.indexes
        rows = self._rows = given.tables.notifications
        self._reader = NotificationReader(given)
        self._columns = self._reader.columns
        self._told = RecentSends(connection, given)
        self._broken = UnreadableNotifications(connection, given, self._reader)
        totals = [given.tables.counts.c[name] for name in ("session_id", "state", "total")]
        self._totals = select(*totals).where(given.tables.counts.c.total != 0)
        self._totals_check = RowCheck(given.tables.counts.name, totals, given.cells)
        self._by_seq = select(*self._columns).order_by(rows.c.seq)
        new = insert(rows).values({name: bindparam(name) for name in FIRST_COLUMNS})
        self._insert = PreparedStatement(connection, new.on_conflict_do_nothing().returning(rows.c.seq))
        self._update = PreparedStatement(connection, _update(rows))
        under_way = (rows.c.wa_message_id == bindparam("message")) & (rows.c.state == State.SENDING.value)
        on_wire = update(rows).where(under_way).values(on_wire_at=bindparam("at", type_=Moment))
        self._mark = PreparedStatement(connection, on_wire)
        self._get = PreparedStatement(
            connection, select(*self._columns).where(rows.c.id == bindparam("which"))
        )
        self._get_all = PreparedBatchStatement(connection, select(*self._columns), rows.c.id)
        by_message = select(*self._columns).where(rows.c.wa_message_id == bindparam("message"))
        self._by_message = PreparedStatement(connection, by_message)
        self._of_order = self._by_seq.where(rows.c.order_id == bindparam("order"))
        self._leasing = Leasing(connection, given, self._columns)

    def add(self, notification: Notification) -> Notification | None:
        if notification.order_id is not None and self._is_queued(notification):
            return None
        customer = self._customer(notification, notification.created_at)
        values = first_values(notification) | self._personal(notification)
        added = self._insert.first({**values, "customer_id": customer})
        if added is None:
            self._check_refused(notification)
            return None
        return replace(notification, seq=added[0], customer=customer)

    def get(self, notification_id: NotificationId) -> Notification | None:
        return self._one(self._get, {"which": notification_id})

    def get_all(self, ids: Sequence[NotificationId]) -> Mapping[NotificationId, Notification]:
        found = map(self._reader.read, self._get_all.all(ids))
        return {row.id: row for row in found if row is not None}

    def by_message_id(self, message_id: MessageId) -> Notification | None:
        return self._one(self._by_message, {"message": message_id})

    def of_order(self, order_id: OrderId) -> Sequence[Notification]:
        return self._many(self._of_order, {"order": order_id})

    def of_orders(self, order_ids: Sequence[OrderId]) -> Sequence[Notification]:
        return self._many(self._by_seq.where(self._rows.c.order_id.in_(order_ids)))

    def untold(self, order_ids: Sequence[OrderId]) -> Sequence[UntoldMessage]:
        return untold_messages(self._connection, self._rows, order_ids)

    def unfinished_of(self, customers: Sequence[Address]) -> Sequence[Notification]:
        identities = chain.from_iterable(map(self._identities.all_of, customers))
        theirs = self._rows.c.customer_id.in_([*dict.fromkeys(identities)])
        found = self._many(self._by_seq.where(theirs, text(UNFINISHED)))
        return [row for row in found if row.state in UNFINISHED_STATES]

    def never_left(self, session_id: SessionId, limit: int) -> Sequence[Notification]:
        never = self._rows.c.sending_at.is_(None)
        return self._free_of(session_id, select(*self._columns).where(never).limit(limit))

    def left_before(self, session_id: SessionId, limit: int, after: int = 0) -> Sequence[Notification]:
        rows = self._rows.c
        left = self._by_seq.where(rows.sending_at.is_not(None), rows.seq > after)
        return self._free_of(session_id, left.limit(limit))

    def mark_on_wire(self, message_id: MessageId, at: datetime) -> bool:
        return self._mark.changed({"message": message_id, "at": at}) == 1

    def save(self, notification: Notification) -> None:
        self.save_all([notification])

    def save_all(self, notifications: Sequence[Notification]) -> None:
        changed = [{"id": each.id, **changing_values(each)} for each in notifications]
        if self._update.changed_by_all(changed) != len(notifications):
            raise UnknownNotificationError

    def rewrite(self, notification: Notification) -> None:
        if notification.sending_at is not None:
            raise ContractViolationError("what may have left cannot be rewritten")
        self._customer(notification, notification.changed_at or notification.created_at)
        self.save(notification)
        same = update(self._rows).where(self._rows.c.id == notification.id)
        self._connection.execute(same.values(**self._personal(notification)))

    def find_due(
        self, lease: Lease, now: datetime, limit: int, eligible: Eligibility
    ) -> Sequence[Notification]:
        found = self._leasing.find(lease, now, limit, eligible)
        due = [row for row in map(self._reader.read, found) if row is not None]
        if len(due) < len(found):
            # A row without a readable id cannot be saved: under a lease it does not block the others.
            self._leasing.write_lease(self._reader.places_without_id(found), lease)
        return sorted(due, key=lambda row: (-row.priority, row.scheduled_at, row.seq))

    def is_due(self, now: datetime, eligible: Eligibility) -> bool:
        return self._leasing.is_due(now, eligible)

    def leased(self) -> Sequence[Notification]:
        held = (text(WAITING), text(UNFINISHED), self._rows.c.lease_owner.is_not(None))
        return self._many(self._by_seq.where(*held))

    def next_due_at(self, session_id: SessionId, after: datetime) -> datetime | None:
        rows = self._rows.c
        free = or_(rows.lease_until.is_(None), rows.lease_until <= after)
        theirs = (rows.session_id == session_id) & (rows.scheduled_at > after)
        return self._moment(select(func.min(rows.scheduled_at)).where(text(PENDING), theirs, free))

    def is_busy(self, session_id: SessionId, until: datetime) -> bool:
        rows = self._rows.c
        soon = select(rows.seq).where(
            text(PENDING), rows.session_id == session_id, rows.scheduled_at <= until
        )
        begun = rows.state.in_((State.SENDING.value, State.IN_DOUBT.value))
        under_way = select(rows.seq).where(text(UNFINISHED), begun, rows.session_id == session_id)
        return any(self._connection.execute(each.limit(1)).first() for each in (under_way, soon))

    def counts(self) -> Mapping[SessionId, Mapping[State, int]]:
        counts: dict[SessionId, dict[State, int]] = {}
        for row in self._connection.execute(self._totals):
            session_id, state, total = row
            if self._totals_check.reads(row) or {session_id, total}.isdisjoint({UNREADABLE, None}):
                of_session = counts.setdefault(SessionId(session_id), {})
                known = State.FAILED if state is UNREADABLE else state
                of_session[known] = of_session.get(known, 0) + total
        return counts

    def oldest_waiting_since(self) -> datetime | None:
        return self._moment(select(func.min(self._rows.c.created_at)).where(text(WAITING)))

    def sent_since(self, moment: datetime) -> int:
        return self._connection.execute(select(func.count()).where(*self._sent(moment))).scalar_one()

    def told_since(self, moment: datetime) -> Sequence[tuple[SessionId, IdentityId | None, datetime]]:
        return self._told.since(moment)

    def delivered_since(self, moment: datetime, session_id: SessionId | None = None) -> int:
        rows = self._rows.c
        told = select(func.count()).where(*self._sent(moment), rows.delivered_at.is_not(None))
        if session_id is not None:
            told = told.where(rows.session_id == session_id)
        return self._connection.execute(told).scalar_one()

    def unreadable(self) -> Sequence[int]:
        return self._broken.places()

    def end_unreadable(self, places: Sequence[int], at: datetime) -> Sequence[Notification]:
        ended = self._broken.ended(places, at)
        for row in ended:
            self.save(row)
        return ended

    def _sent(self, moment: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Return the conditions of a send since this moment, by our own `sending_at`.

        `sent_at` comes from WhatsApp, with another clock.
        """
        return self._rows.c.sending_at >= moment, self._rows.c.sent_at.is_not(None)

    def _free_of(self, session_id: SessionId, wanted: Select[Any]) -> list[Notification]:
        rows = self._rows.c
        free = (text(PENDING), rows.session_id == session_id, rows.lease_owner.is_(None))
        return [row for row in self._many(wanted.where(*free)) if row.state is State.PENDING]

    def _is_queued(self, notification: Notification) -> bool:
        rows = self._rows.c
        same = select(rows.seq).where(
            rows.order_id == notification.order_id,
            rows.notification_type == notification.type.value,
            rows.occurrence == notification.occurrence,
        )
        return self._connection.execute(same).first() is not None

    def _check_refused(self, notification: Notification) -> None:
        """Raise ContractViolationError for an id of another row, unless that row is known and unreadable."""
        known = self.get(notification.id)
        if known is None or known.reason != UNREADABLE_ROW:
            raise ContractViolationError("an id was given twice")

    def _personal(self, notification: Notification) -> dict[str, bytes]:
        """Return the cells with the customer and the text, sealed into the row."""
        table, row_id = self._rows.name, notification.id
        return {
            "customer_phone": self._sealer.seal(table, "customer_phone", row_id, notification.phone.text),
            "message_content": self._sealer.seal(table, "message_content", row_id, notification.text),
            "phone_index": self._indexes.exact(notification.phone),
        }

    def _customer(self, notification: Notification, at: datetime) -> IdentityId | None:
        """Record the address as its customer's alias; without it the triggers could not find the identity."""
        return None if notification.phone == NO_PHONE else self._identities.keep(notification.phone, at)

    def _moment(self, statement: Executable) -> datetime | None:
        moment = self._connection.execute(statement).scalar_one()
        return moment if isinstance(moment, datetime) else None

    def _one(self, statement: PreparedStatement, values: dict[str, Any]) -> Notification | None:
        row = statement.first(values)
        return None if row is None else self._reader.read(row)

    def _many(self, statement: Executable, values: dict[str, Any] | None = None) -> list[Notification]:
        found = (self._reader.read(row) for row in self._connection.execute(statement, values))
        return [row for row in found if row is not None]


def _update(rows: Table) -> TextClause:
    """Return the update of a row's mutable columns, as text.

    In an UPDATE of its own SQLAlchemy reserves the column names, so that parameters cannot bear them.
    """
    changed = ", ".join(f"{name} = :{name}" for name in CHANGING_COLUMNS)
    values = [bindparam(name, type_=rows.c[name].type) for name in (*CHANGING_COLUMNS, "id")]
    return text(f"UPDATE {rows.name} SET {changed} WHERE id = :id").bindparams(*values)  # noqa: S608 - constants
