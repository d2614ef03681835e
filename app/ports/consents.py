"""What customers agreed to, as seen inside one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.consent import Consent
from app.domain.identifiers import OrderId
from app.domain.phone import Phone


class ConsentRows(Protocol):
    """A message is known by its id and its writer, under every spelling."""

    def keep(self, consent: Consent) -> bool:
        """Write it down; False where this message's was."""
        ...

    def of_order(self, order_id: OrderId) -> Sequence[Consent]:
        """In the order in which they were kept."""
        ...

    def orders_of(self, customer: Phone, since: datetime) -> int:
        """How many orders this writer, under every spelling, has wished to follow since then."""
        ...
