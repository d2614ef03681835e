"""Orders of the counter: typed in here and moved through their stages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.errors import UnknownOrderError
from app.domain.identifiers import OrderId
from app.domain.order import Order
from app.domain.order_status import order_in_status
from app.domain.visible_text import is_blank
from app.ports.entropy import Entropy
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.orders.order_watcher import OrderChanges, OrderWatcher


class OrderEntry:
    """Moves of orders, each through the watcher, in one transaction with the reads behind it."""

    def __init__(
        self,
        store: Store,
        watcher: OrderWatcher,
        phone_numbers: PhoneNumbers,
        entropy: Entropy,
        undo_window: Callable[[], timedelta],
    ) -> None:
        self._store, self._watcher, self._phone_numbers = store, watcher, phone_numbers
        self._entropy, self._undo_window = entropy, undo_window

    def new_id(self) -> OrderId:
        """Return the id of an order about to be typed in; it makes sending a form twice idempotent."""
        return OrderId(str(self._entropy.uuid()))

    async def add(self, order: Order) -> None:
        """Save a typed-in order; raises InvalidPhoneError before it is stored (P1).

        An order without a phone is saved as well: the customer may write first, and so give it. The same order saved
        again keeps its first creation time.
        """
        if not is_blank(order.customer_phone):
            self._phone_numbers.parse(order.customer_phone)

        def work(rows: Rows) -> OrderChanges:
            known = rows.orders.get(order.id)
            made_at = known.created_at if known else order.created_at
            return self._watcher.apply(rows, replace(order, created_at=made_at))

        self._watcher.publish(await self._store.transact(work))

    async def advance(self, order_id: OrderId, status: str) -> Order:
        """Move an order to `status`, with time to take the message back (Q7).

        Raises UnknownOrderError, OrderEndedError, OrderAheadError.
        """

        def work(rows: Rows) -> OrderChanges:
            known = rows.orders.get(order_id)
            if known is None:
                raise UnknownOrderError
            return self._watcher.apply(rows, order_in_status(known, status), self._undo_window())

        changes = await self._store.transact(work)
        self._watcher.publish(changes, by_click=True)
        return changes.orders[0]
