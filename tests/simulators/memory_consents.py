"""What customers agreed to, in the store in memory."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.consent import Consent
from app.domain.identifiers import MessageId, OrderId
from app.domain.phone import Phone, customer_forms


class MemoryConsentRows:
    def __init__(self, consents: dict[tuple[Phone, MessageId], Consent]) -> None:
        self._consents = consents

    def keep(self, consent: Consent) -> bool:
        key = customer_forms(consent.phone)[0], consent.message_id
        known = key in self._consents
        self._consents.setdefault(key, consent)
        return not known

    def of_order(self, order_id: OrderId) -> Sequence[Consent]:
        return [each for each in self._consents.values() if each.order_id == order_id]

    def orders_of(self, customer: Phone, since: datetime) -> int:
        forms = customer_forms(customer)
        lately = (each for each in self._consents.values() if each.phone in forms and each.given_at >= since)
        return len({each.order_id for each in lately})
