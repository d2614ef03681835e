"""Command executor: the text of a message type is read, changed and switched off."""

import pytest

from app.domain.notification import State
from tests.harness.customer_words import first_words
from tests.harness.shop import Shop, in_shop
from tests.unit.headless.test_command_executor import ask

pytestmark = pytest.mark.requirement("T2")

OWN = "Pedido {{orderNumber}} pago, {{firstName}}!"


def test_template_is_read_and_its_text_put_in_force() -> None:
    async def story(shop: Shop) -> None:
        shipped = await ask(shop, command="template", type="payment_confirmed")
        assert (shipped["ok"], shipped["type"], shipped["active"]) == (True, "payment_confirmed", True)
        changed = await ask(shop, command="template", type="payment_confirmed", text=OWN)
        assert changed == shipped | {"text": OWN}
        await shop.see(shop.order(1))
        assert [send.text for send in shop.messenger.sends] == ["Pedido 1 pago, João!"]

    in_shop(story)


def test_template_switched_off_announces_its_stage_no_more() -> None:
    async def story(shop: Shop) -> None:
        off = await ask(shop, command="template", type="payment_confirmed", active=False)
        assert off["active"] is False
        await shop.see(shop.order(1))
        assert first_words(shop) == []
        await ask(shop, command="template", type="payment_confirmed", active=True)
        await shop.see(order := shop.order(2))
        assert (await shop.message(order)).state is State.SENT

    in_shop(story)


@pytest.mark.parametrize(
    ("text", "error"),
    [(" ", "template_empty"), ("{{orderNumbr}}", "unknown_variable"), ("{{orderNumber", "unclosed_variable")],
)
def test_template_that_cannot_be_rendered_is_refused_with_a_sentence(text: str, error: str) -> None:
    async def story(shop: Shop) -> None:
        before = await ask(shop, command="template", type="ready")
        refused = await ask(shop, command="template", type="ready", text=text)
        assert (refused["ok"], refused["error"]) == (False, error)
        assert await ask(shop, command="template", type="ready") == before

    in_shop(story)
