"""Orders together with their messages, for whoever looks at them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.identifiers import OrderId
from app.domain.notification import Notification
from app.domain.order import Order
from app.ports.store import Rows, Store


class OrderBoard:
    """Reads on the connection that stands in nobody's way."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def latest(self, limit: int) -> Sequence[Order]:
        """Newest first."""
        return await self._store.read(lambda rows: rows.orders.latest(limit))

    async def delivered_since(self, moment: datetime) -> int:
        """How many messages sent since then have reached their customers' phones."""
        return await self._store.read(lambda rows: rows.notifications.delivered_since(moment))

    async def orders(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Those that are known here."""

        def work(rows: Rows) -> dict[OrderId, Order]:
            return {known.id: known for known in map(rows.orders.get, order_ids) if known}

        return await self._store.read(work)

    async def notifications(self, order_ids: Sequence[OrderId]) -> Sequence[Notification]:
        """Of all these orders, each order's oldest first."""

        def work(rows: Rows) -> list[Notification]:
            return [one for order_id in order_ids for one in rows.notifications.of_order(order_id)]

        return await self._store.read(work)
