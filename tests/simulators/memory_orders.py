"""Orders in the store in memory."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.identifiers import OrderId
from app.domain.lid import Address
from app.domain.order import Order
from app.domain.order_merge import without_content
from app.ports.store import OutlinePage
from tests.simulators.memory_identities import MemoryIdentityRows


class MemoryOrderRows:
    def __init__(
        self,
        orders: dict[OrderId, Order],
        customers: dict[OrderId, Address],
        identities: MemoryIdentityRows,
    ) -> None:
        self._rows, self._customers, self._identities = orders, customers, identities

    def get(self, order_id: OrderId) -> Order | None:
        return self._rows.get(order_id)

    def save(self, order: Order, customer: Address | None = None) -> None:
        kept = self._rows.get(order.id)
        self._customers.pop(order.id, None)
        if customer:
            self._customers[order.id] = customer
        self._rows[order.id] = without_content(order) if kept and kept.is_erased else order

    def latest(self, limit: int) -> Sequence[Order]:
        return self._newest_first()[:limit]

    def newest_of(self, customer: Address) -> OrderId | None:
        known = ((each, self._customers.get(each.id)) for each in self._newest_first())
        theirs = (each for each, own in known if own and self._identities.same(own, customer))
        return next((order.id for order in theirs if not order.is_erased), None)

    def of_unknown_customers(self, limit: int) -> Sequence[Order]:
        """Here every order was saved with what is known of its customer."""
        _ = limit
        return []

    def numbered(self, number: int, since: datetime, until: datetime) -> Order | None:
        found = (each for each in self._newest_first() if each.number == number and not each.deleted)
        return next((each for each in found if since <= each.created_at <= until), None)

    def outlines(self, since: datetime | None, limit: int, page: object | None = None) -> OutlinePage:
        newest = [order for order in self._newest_first() if since is None or order.created_at >= since]
        start = newest.index(self._rows[OrderId(page)]) + 1 if isinstance(page, str) else 0
        shown = newest[start : start + limit]
        return OutlinePage([order.outline for order in shown], shown[-1].id if len(shown) == limit else None)

    def page(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        return [self._rows[order_id] for order_id in order_ids if order_id in self._rows]

    def _newest_first(self) -> list[Order]:
        return sorted(self._rows.values(), key=lambda order: order.created_at)[::-1]
