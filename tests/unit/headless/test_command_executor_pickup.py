"""Command executor: the pickup offer is read and switched, and an order's choice is answered."""

import json

import pytest

from app.domain.errors import BadFieldError
from app.domain.events import PickupOfferSwitched
from app.headless.commands import read_command
from app.headless.event_json import event_json
from tests.harness.customer_words import say
from tests.harness.shop import Shop, in_shop, pickup_texts
from tests.unit.headless.test_command_executor import ORDER, TYPED, ask

pytestmark = pytest.mark.requirement("K9")


def test_pickup_replies_reads_and_switches_the_offer() -> None:
    async def story(shop: Shop) -> None:
        off = {"ok": True, "on": False, "line": pickup_texts()["offer"]}
        assert await ask(shop, command="pickup_replies") == off
        assert await ask(shop, command="pickup_replies", on=True) == off | {"on": True}
        assert await ask(shop, command="pickup_replies") == off | {"on": True}
        assert shop.core.templates.pickup_offer.on
        assert await ask(shop, command="pickup_replies", on=False) == off
        said = [event_json(event) for event in shop.events if isinstance(event, PickupOfferSwitched)]
        assert said == [{"event": "pickup_replies", "on": on} for on in (True, False)]

    in_shop(story)


@pytest.mark.requirement("X7")
@pytest.mark.parametrize("on", [1, "true", "on", [], 0.0])
def test_pickup_replies_takes_true_and_false_alone(on: object) -> None:
    with pytest.raises(BadFieldError) as refused:
        read_command(json.dumps({"command": "pickup_replies", "on": on}))
    assert refused.value.facts == {"field": "on"}


def test_replies_names_the_choice_that_the_row_shows() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **{**TYPED, "status": "ready"})
        await shop.pass_time(seconds=2)
        await say(shop, "9.", message_id="3A1")
        told = await ask(shop, command="replies", order_id=ORDER)
        assert (told["pickup"], told["unread"]) == (None, 1)
        await ask(shop, command="pickup_replies", on=True)
        told = await ask(shop, command="replies", order_id=ORDER)
        assert (told["pickup"], told["unread"]) == ("not_now", 1)

    in_shop(story)
