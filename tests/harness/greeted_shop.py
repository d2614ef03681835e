"""Views of a shop for tests of customers who write first."""

from collections.abc import Sequence

from app.domain.consent import Consent
from app.domain.order import NotificationType, Order
from tests.harness.shop import Shop

JID = "557399548537@s.whatsapp.net"
PREPARING = NotificationType.PREPARING


def phoneless(shop: Shop, number: int = 7, status: str = "paid") -> Order:
    return shop.order(number, phone="", status=status)


async def consents(shop: Shop, order: Order) -> Sequence[Consent]:
    return await shop.store.read(lambda rows: rows.consents.of_order(order.id))


async def order_now(shop: Shop, order: Order) -> Order:
    found = await shop.store.read(lambda rows: rows.orders.get(order.id))
    assert found is not None
    return found


async def replies(shop: Shop, order: Order) -> list[str | None]:
    return [reply.text for reply in (await shop.core.inbox.exchange(order.id)).replies]


def to(shop: Shop) -> list[str]:
    return [send.jid for send in shop.messenger.sends]
