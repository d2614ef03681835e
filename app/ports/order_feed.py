"""Where orders come from."""

from collections.abc import AsyncIterator
from typing import Protocol

from app.domain.order import Order


class OrderFeed(Protocol):
    def orders(self) -> AsyncIterator[Order]:
        """Each order as it is now, again whenever it changed; ends when the source has no more to tell."""
        ...
