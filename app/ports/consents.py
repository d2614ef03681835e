"""Consents of customers, within one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.consent import Consent
from app.domain.identifiers import OrderId
from app.domain.lid import Address


class ConsentRows(Protocol):
    """A message is identified by its id and its writer, under every alias."""

    def keep(self, consent: Consent) -> bool:
        """Insert the consent; False if this message's is stored already."""
        ...

    def of_order(self, order_id: OrderId) -> Sequence[Consent]:
        """Return the order's consents, in the order in which they were inserted."""
        ...

    def orders_of(self, customer: Address, since: datetime) -> int:
        """Return how many orders this writer asked to follow since then, under every alias."""
        ...
