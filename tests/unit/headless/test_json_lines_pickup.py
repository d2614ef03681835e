"""JSON Lines: an order's pickup reply follows the reply that changed it, while it is offered."""

import json
from typing import Any

import pytest

from app.domain.identifiers import MessageId
from app.headless.json_lines_loop import JsonLinesLoop
from app.ports.inbound import Inbound
from tests.harness.customer_words import ANA, say
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run
from tests.unit.headless.test_command_executor_corpus import SAY

pytestmark = pytest.mark.requirement("K9")


def test_pickup_line_follows_a_reply_that_changed_it() -> None:
    async def story(shop: Shop) -> None:
        lines: list[bytes] = []
        loop = JsonLinesLoop(shop.core, SAY, lines.append)
        order = shop.order(7, status="ready")
        await shop.see(order)
        await shop.pass_time(seconds=2)
        await say(shop, "1", message_id="off")
        await shop.core.templates.pickup_offer.switch(on=True)
        await say(shop, "já vou", message_id="A")
        await say(shop, "9", message_id="B")
        await shop.pass_time(seconds=2)
        gone = Inbound(
            MAIN, MessageId("D"), ANA, "deletion", None, shop.clock.now(), live=True, about=MessageId("B")
        )
        await shop.messenger.emit(gone)
        await let_tasks_run()
        loop.close()
        said: list[dict[str, Any]] = [json.loads(line) for line in lines]
        kinds = [each["event"] for each in said if each["event"] in {"inbound", "inbound_changed", "pickup"}]
        assert kinds == ["inbound", "inbound", "inbound", "pickup", "inbound_changed", "pickup"]
        shown = [each for each in said if each["event"] == "pickup"]
        assert shown == [
            {"event": "pickup", "order_id": order.id, "pickup": "not_now"},
            {"event": "pickup", "order_id": order.id, "pickup": "on_the_way"},
        ]

    in_shop(story)
