"""Port of an order source."""

from collections.abc import AsyncIterator
from typing import Protocol

from app.domain.order import Order


class OrderFeed(Protocol):
    def orders(self) -> AsyncIterator[Order]:
        """Yield each order as it is now, again at each change, until the source ends."""
        ...
