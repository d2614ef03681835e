"""Orders together with their messages, for whoever looks at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.customer_reply import CustomerReply
from app.domain.errors import InvalidPhoneError
from app.domain.identifiers import OrderId
from app.domain.notification import Notification
from app.domain.order import NotificationType, Order, OrderOutline
from app.domain.phone import Phone
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.orders.board_row import BoardRow, board_row


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """Everything about one order; `on_whatsapp` None means that nobody has asked yet."""

    row: BoardRow
    phone: Phone | None
    on_whatsapp: bool | None
    notifications: Sequence[Notification]
    opted_out: bool = False
    replies: Sequence[CustomerReply] = ()


@dataclass(frozen=True, slots=True)
class Outlines:
    """The orders of a period, newest first, and which message of which order somebody must see to."""

    orders: Sequence[OrderOutline]
    untold: Sequence[tuple[OrderId, NotificationType]]


class OrderBoard:
    """Reads on the connection that stands in nobody's way."""

    def __init__(self, store: Store, phone_numbers: PhoneNumbers) -> None:
        self._store, self._phone_numbers = store, phone_numbers

    async def latest(self, limit: int) -> Sequence[Order]:
        """Newest first."""
        return await self._store.read(lambda rows: rows.orders.latest(limit))

    async def delivered_since(self, moment: datetime) -> int:
        """How many messages sent since then have reached their customers' phones."""
        return await self._store.read(lambda rows: rows.notifications.delivered_since(moment))

    async def outlines(self, since: datetime | None) -> Outlines:
        return await self._store.read(
            lambda rows: Outlines(rows.orders.outlines(since), rows.notifications.untold())
        )

    async def rows(self, order_ids: Sequence[OrderId]) -> Sequence[BoardRow]:
        """Those that are known, in any order."""
        return await self._store.read(lambda rows: self._rows(rows, order_ids))

    async def detail(self, order_id: OrderId) -> OrderDetail | None:
        def work(rows: Rows) -> OrderDetail | None:
            found = self._rows(rows, [order_id])
            if not found:
                return None
            phone = self._phone(found[0].order)
            known = rows.numbers.get(phone) if phone else None
            on_whatsapp = None if known is None else known.account is not None
            told, wrote = rows.notifications.of_order(order_id), rows.replies.of_order(order_id)
            left = phone is not None and rows.opt_outs.in_force(phone) is not None
            return OrderDetail(found[0], phone, on_whatsapp, told, left, wrote)

        return await self._store.read(work)

    async def orders(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Those that are known here."""

        def work(rows: Rows) -> dict[OrderId, Order]:
            return {known.id: known for known in rows.orders.page(order_ids)}

        return await self._store.read(work)

    async def notifications(self, order_ids: Sequence[OrderId]) -> Sequence[Notification]:
        """Of all these orders, oldest first."""
        return await self._store.read(lambda rows: rows.notifications.of_orders(order_ids))

    def _rows(self, rows: Rows, order_ids: Sequence[OrderId]) -> list[BoardRow]:
        of_order: dict[OrderId | None, list[Notification]] = {}
        for notification in rows.notifications.of_orders(order_ids):
            of_order.setdefault(notification.order_id, []).append(notification)
        unread = rows.replies.unread(order_ids)
        return [
            board_row(order, self._masked(order), of_order.get(order.id, []), unread.get(order.id, 0))
            for order in rows.orders.page(order_ids)
        ]

    def _masked(self, order: Order) -> str | None:
        phone = self._phone(order)
        return phone.masked if phone else None

    def _phone(self, order: Order) -> Phone | None:
        try:
            return self._phone_numbers.parse(order.customer_phone)
        except InvalidPhoneError:
            return None
