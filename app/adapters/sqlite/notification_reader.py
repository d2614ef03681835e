"""Reader of the queue's rows, with a safe substitute for every unreadable cell (Z1)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from app.adapters.sqlite.checked_columns import UNREADABLE as UNREADABLE_CELL
from app.adapters.sqlite.exact_columns import EPOCH
from app.adapters.sqlite.notification_columns import PERSONAL, READ, notification_of, read_columns
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.identifiers import NotificationId, OrderId, notification_id
from app.domain.lid import Address, address_of
from app.domain.notification import UNFINISHED, UNREADABLE, Notification, State
from app.domain.order import NotificationType
from app.domain.phone import NO_PHONE

_REMEMBERED: Final = 64
_SEQ: Final = READ.index("seq")
_LEASE: Final = slice(READ.index("lease_owner"), READ.index("lease_until") + 1)


class NotificationReader:
    """Reads rows to notifications; one with an unreadable cell is failed(unreadable), unless its state is an end."""

    def __init__(self, given: RowDependencies) -> None:
        table = given.tables.notifications
        self._table = table.name
        self._vault, self._sealer, self._cells = given.vault, given.sealer, given.cells
        self._indexes = given.indexes
        self.columns = read_columns(table)
        self._check = RowCheck(self._table, self.columns, given.cells)
        # Each message's row is read several times while it is in flight, with the same sealed cells.
        self._personal = lru_cache(_REMEMBERED)(self._opened)

    def faults(self, row: Sequence[Any]) -> tuple[str, ...]:
        """Return the names of the unreadable columns; a lease without an end is unreadable too."""
        faults = self._check.faults(row, row[_SEQ])
        owner, until = row[_LEASE]
        if owner is not None and until is None:
            self._cells.report(self._table, "lease_until", row[_SEQ])
            faults = (*faults, "lease_until")
        return faults

    def read(self, row: Sequence[Any]) -> Notification | None:
        """Return the notification, or None where its id is unreadable."""
        if faults := self.faults(row):
            if "id" in faults:
                return None
            row = self._stood_in(row, faults)
        return notification_of(row, *self._personal(row[0], *row[PERSONAL]))

    def places_without_id(self, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Return the queue places of the rows with an unreadable id."""
        return [row[_SEQ] for row in rows if row[0] is UNREADABLE_CELL or row[0] is None]

    def _opened(
        self, row_id: NotificationId, phone: bytes, content: bytes, index: bytes, emptied_at: object
    ) -> tuple[Address, str]:
        """Return phone and text; both are empty where the phone contradicts the row's blind index.

        A row without a number cannot be sent: it reads like an emptied one.
        """
        if emptied_at is not None:
            return NO_PHONE, ""
        number = self._sealer.open(self._table, "customer_phone", row_id, phone)
        if not number:
            return NO_PHONE, ""
        address = address_of(number)
        if self._indexes.exact(address) != index:
            self._cells.report(self._table, "phone_index", row_id)
            return NO_PHONE, ""
        return address, self._sealer.open(self._table, "message_content", row_id, content) or ""

    def _stood_in(self, row: Sequence[Any], faults: Sequence[str]) -> tuple[Any, ...]:
        """Return the row with substitutes for unreadable cells; no substitute lets a message out."""
        cells = dict(zip(READ, row, strict=True))
        unknown = cells["state"] if "state" not in faults else None
        cells |= dict.fromkeys(faults)
        cells["state"] = _state(unknown, cells)
        if cells["state"] is State.FAILED and unknown is not State.FAILED:
            cells["reason"] = UNREADABLE
        for name, stand_in in self._stand_ins(cells).items():
            if name in faults:
                cells[name] = stand_in
        if cells["lease_until"] is None:
            cells["lease_owner"] = None
        return tuple(cells.values())

    def _stand_ins(self, cells: dict[str, Any]) -> dict[str, Any]:
        made = cells["created_at"] or cells["changed_at"] or EPOCH
        occurrence = cells["occurrence"] or 1
        return {
            "notification_type": _type(cells["id"], cells["order_id"], occurrence),
            "occurrence": occurrence,
            "session_id": "",
            "wa_message_id": self._vault.message_id(cells["id"]),
            "created_at": made,
            "scheduled_at": made,
            # Unknown whether it was handed over: counted as if it was.
            "sending_at": made,
            "phone_index": b"",
            "customer_id": None,
            **dict.fromkeys(("attempts", "repeats", "priority"), 0),
        }


def _state(known: State | None, cells: dict[str, Any]) -> State:
    """Return the state that the receipts prove, where the state is unreadable; an unfinished one becomes failed."""
    if known is not None:
        return State.FAILED if known in UNFINISHED else known
    proven = {"read_at": State.READ, "delivered_at": State.DELIVERED, "sent_at": State.SENT}
    return next((state for moment, state in proven.items() if cells[moment] is not None), State.FAILED)


def _type(row_id: NotificationId, order_id: OrderId | None, occurrence: int) -> NotificationType:
    """Return the type that the id was derived from."""
    same = (
        each
        for each in NotificationType
        if notification_id(OrderId(order_id or ""), each, occurrence) == row_id
    )
    return next(same, NotificationType.CUSTOM)
