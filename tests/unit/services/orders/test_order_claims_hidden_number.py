"""Claims of orders by writers whose telephone number WhatsApp does not show."""

import pytest

from app.domain.account import WhatsAppAccount
from app.domain.claim_text import claim_text
from tests.harness.customer_words import ANA, say
from tests.harness.greeted_shop import JID, consents, phoneless, to
from tests.harness.shop import Shop, in_shop


@pytest.mark.requirement("K1", "K2")
@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason="an order's account is asked for at its first send"
)
def test_claim_by_lid_keeps_consent_when_the_number_was_never_asked() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = WhatsAppAccount(JID, "4711@lid")
        await shop.see(order := shop.order(7, status="pending_payment"))
        await say(shop, claim_text(7), None, lid="4711@lid", jid="4711@lid")
        assert len(await consents(shop, order)) == 1

    in_shop(story)


@pytest.mark.requirement("K3")
@pytest.mark.xfail(strict=True, raises=AssertionError, reason="a message goes to a number, never to a LID")
def test_claim_by_lid_tells_its_order_that_has_no_phone() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(phoneless(shop))
        await say(shop, claim_text(7), None, lid="99@lid", jid="99@lid")
        assert to(shop) == ["99@lid"]

    in_shop(story)
