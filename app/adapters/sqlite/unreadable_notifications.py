"""Finds rows of the queue that an unreadable cell would keep waiting for ever (Z1)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, text, update

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.conditions import IN_NO_STATE, UNFINISHED
from app.adapters.sqlite.notification_columns import READ
from app.adapters.sqlite.notification_reader import NotificationReader
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.domain.identifiers import OrderId, notification_id
from app.domain.notification import UNFINISHED as UNFINISHED_STATES
from app.domain.notification import UNREADABLE as UNREADABLE_ROW
from app.domain.notification import Notification, State


class UnreadableNotifications:
    """Rows with an unreadable cell that are unfinished or in no known state."""

    def __init__(self, connection: Connection, given: RowDependencies, reader: NotificationReader) -> None:
        self._connection, self._reader = connection, reader
        self._rows, self._entropy = given.tables.notifications, given.entropy
        self._whole = select(*reader.columns)

    def places(self) -> Sequence[int]:
        """Return the places in the queue (`seq`) of these rows."""
        return [
            row.seq
            for condition in (UNFINISHED, IN_NO_STATE)
            for row in self._connection.execute(self._whole.where(text(condition)))
            if self._is_stuck(row)
        ]

    def ended(self, places: Sequence[int], at: datetime) -> Sequence[Notification]:
        """Return those that are still unreadable, ended and ready to be saved."""
        return list(self._ended(places, at))

    def _ended(self, places: Sequence[int], at: datetime) -> Iterator[Notification]:
        for place in places:
            row = self._row(place)
            if row is None or not self._is_stuck(row):
                continue
            if row.id is UNREADABLE:
                self._give_id(row)
                row = self._row(place)
            ended = self._reader.read(row) if row else None
            if ended and ended.state in UNFINISHED_STATES:
                # Its id is restored; a person decides whether it still goes out.
                ended = replace(ended, state=State.FAILED, reason=UNREADABLE_ROW)
            if ended:
                yield replace(ended, lease=None, changed_at=at)

    def _is_stuck(self, row: Row[Any]) -> bool:
        waits = row.state is UNREADABLE or row.state in UNFINISHED_STATES
        return waits and bool(self._reader.faults(row))

    def _row(self, place: int) -> Row[Any] | None:
        return self._connection.execute(self._whole.where(self._rows.c.seq == place)).first()

    def _give_id(self, row: Row[Any]) -> None:
        """Assign the id of order, type and occurrence, or a new one where these are unreadable too."""
        for new in (self._derived_id(row), self._entropy.uuid()):
            same = update(self._rows).prefix_with("OR IGNORE").where(self._rows.c.seq == row.seq)
            if new and self._connection.execute(same.values(id=new)).rowcount:
                return

    def _derived_id(self, row: Row[Any]) -> UUID | None:
        cells = dict(zip(READ, row, strict=True))
        made_of = [cells[name] for name in ("order_id", "notification_type", "occurrence")]
        if any(each is UNREADABLE or each is None for each in made_of):
            return None
        order_id, type_, occurrence = made_of
        return notification_id(OrderId(order_id), type_, occurrence)
