"""Command executor: a repeated command is idempotent."""

from typing import Any

import pytest

from app.domain.identifiers import OrderId
from tests.harness.customer_words import say
from tests.harness.shop import Shop, in_shop
from tests.unit.headless.test_command_executor import ORDER, TYPED, ask

KEY = "0190f8a2-0000-7000-8000-0000000000aa"
OTHER_KEY = "0190f8a2-0000-7000-8000-0000000000bb"
CUSTOM = {"command": "custom", "phone": "+5573999548537", "text": "Já sai"}
REPLY = {"command": "reply", "order_id": ORDER, "text": "Já sai"}

pytestmark = pytest.mark.requirement("Z5")


def texts(shop: Shop) -> list[str]:
    return [send.text for send in shop.messenger.sends]


@pytest.mark.parametrize("command", [CUSTOM, REPLY], ids=["custom", "reply"])
def test_same_key_again_gets_the_same_message_and_queues_no_other(command: dict[str, Any]) -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        first = await ask(shop, **command, idempotency_key=KEY)
        again = await ask(shop, **{**command, "text": "Outro texto"}, idempotency_key=KEY)
        assert first == again
        assert first["ok"]
        assert texts(shop) == ["Já sai"]

    in_shop(story)


@pytest.mark.parametrize("command", [CUSTOM, REPLY], ids=["custom", "reply"])
def test_another_key_or_none_is_another_message(command: dict[str, Any]) -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        for more in ({"idempotency_key": KEY}, {"idempotency_key": OTHER_KEY}, {}, {}, {"id": 1}, {"id": 1}):
            assert (await ask(shop, **command, **more))["ok"]
        assert texts(shop) == ["Já sai"] * 6

    in_shop(story)


@pytest.mark.parametrize("command", [CUSTOM, REPLY], ids=["custom", "reply"])
def test_repeated_key_revives_nothing_that_was_cancelled(command: dict[str, Any]) -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        await ask(shop, command="pause")
        first = await ask(shop, **command, idempotency_key=KEY)
        assert (await ask(shop, command="cancel", notification_id=first["notification_id"]))["ok"]
        assert await ask(shop, **command, idempotency_key=KEY) == first
        await ask(shop, command="resume")
        assert texts(shop) == []

    in_shop(story)


@pytest.mark.requirement("X1")
def test_repeated_key_is_answered_after_the_customer_has_left() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        first = await ask(shop, **CUSTOM, idempotency_key=KEY)
        await say(shop, "PARAR")
        assert await ask(shop, **CUSTOM, idempotency_key=KEY) == first
        assert (await ask(shop, **CUSTOM, idempotency_key=OTHER_KEY))["error"] == "opted_out"

    in_shop(story)


@pytest.mark.requirement("A4")
def test_same_order_again_keeps_the_moment_when_it_was_made() -> None:
    async def story(shop: Shop) -> None:
        made_at = shop.clock.now()
        await ask(shop, **TYPED)
        await shop.pass_time(hours=3)
        await ask(shop, **{**TYPED, "name": "João Souza"})
        order = await shop.store.read(lambda rows: rows.orders.get(OrderId(ORDER)))
        assert order is not None
        assert (order.created_at, order.customer_name) == (made_at, "João Souza")

    in_shop(story)
