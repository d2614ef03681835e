"""What customers agreed to, in the store in memory."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.consent import Consent
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Address
from tests.simulators.memory_identities import MemoryIdentityRows, canonical


class MemoryConsentRows:
    def __init__(
        self, consents: dict[tuple[Address, MessageId], Consent], identities: MemoryIdentityRows
    ) -> None:
        self._consents, self._identities = consents, identities

    def keep(self, consent: Consent) -> bool:
        same = (whose for whose, message_id in self._consents if message_id == consent.message_id)
        if any(self._identities.same(whose, consent.phone) for whose in same):
            return False
        self._consents[canonical(consent.phone), consent.message_id] = consent
        return True

    def of_order(self, order_id: OrderId) -> Sequence[Consent]:
        return [each for each in self._consents.values() if each.order_id == order_id]

    def orders_of(self, customer: Address, since: datetime) -> int:
        lately = (
            each
            for each in self._consents.values()
            if each.given_at >= since and self._identities.same(each.phone, customer)
        )
        return len({each.order_id for each in lately})
