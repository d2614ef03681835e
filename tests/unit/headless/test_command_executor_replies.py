"""Command executor: customers' replies are listed and answered."""

import pytest

from app.domain.events import RepliesRead, ReplyArrived
from app.domain.identifiers import MessageId
from app.headless.event_json import event_json
from app.ports.inbound import Inbound
from tests.harness.customer_words import ANA, say
from tests.harness.shop import MAIN, Shop, in_shop
from tests.unit.headless.test_command_executor import ORDER, TYPED, ask


@pytest.mark.requirement("C4")
def test_what_a_customer_wrote_is_read_and_answered() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **{**TYPED, "status": "paid"})
        await say(shop, "já vou buscar!", message_id="3A1")
        at = shop.clock.now()
        for kind, text in (("sticker", None), ("image", "olha"), ("unreadable", None)):
            named = MessageId(f"3A-{kind}")
            await shop.messenger.emit(Inbound(MAIN, named, ANA, kind, text, at, live=True))
        told = await ask(shop, command="replies", order_id=ORDER)
        words = [reply["text"] for reply in told["replies"]]
        assert words == ["já vou buscar!", "[figurinha]", "[foto] olha", "[não foi possível ler]"]
        assert (told["unread"], told["replies"][0]["read"]) == (4, False)
        assert (await ask(shop, command="replies_read", order_id=ORDER))["read"] == 4
        assert (await ask(shop, command="replies", order_id=ORDER))["unread"] == 0
        assert (await ask(shop, command="reply", order_id=ORDER, text="Até já!"))["ok"]
        assert shop.messenger.sends[-1].text == "Até já!"
        assert (await ask(shop, command="reply", order_id=ORDER, text=""))["error"] == "template_empty"
        said = [event_json(event) for event in shop.events if isinstance(event, ReplyArrived | RepliesRead)]
        assert said[0] == {
            "event": "inbound",
            "message_id": "3A1",
            "kind": "text",
            "order_id": ORDER,
            "live": True,
        }
        assert said[-1] == {"event": "replies_read", "order_id": ORDER}

    in_shop(story)
