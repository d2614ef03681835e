"""Opt-outs of writers whose telephone number WhatsApp does not show."""

import pytest

from app.domain.account import WhatsAppAccount
from tests.harness.customer_words import ANA, first_words, say
from tests.harness.greeted_shop import JID
from tests.harness.shop import Shop, in_shop


@pytest.mark.requirement("X1", "K1")
@pytest.mark.xfail(strict=True, raises=AssertionError, reason="an opt-out is kept by number, not by LID")
def test_opt_out_by_lid_holds_when_an_order_brings_its_number() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = WhatsAppAccount(JID, "4711@lid")
        # Reported as opt_out_sender_unknown; the opt-out itself is not kept.
        await say(shop, "PARAR", None, lid="4711@lid")
        await shop.see(shop.order(1))
        assert first_words(shop) == []

    in_shop(story)
