"""Messenger router: a customer's message is taken in once, however often WhatsApp delivers it."""

import pytest

from app.domain.events import ReplyArrived
from app.domain.identifiers import MessageId
from app.ports.inbound import Inbound
from tests.harness.customer_words import ANA
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run


@pytest.mark.parametrize(
    ("kinds", "taken_in"),
    [
        (("text", "unreadable"), ["text"]),
        (("text", "text"), ["text"]),
        (("unreadable", "unreadable"), ["unreadable"]),
        (("unreadable", "text", "unreadable"), ["unreadable", "text"]),
    ],
)
def test_router_passes_on_a_known_id_only_when_its_text_reads_at_last(
    kinds: tuple[str, ...], taken_in: list[str]
) -> None:
    async def story(shop: Shop) -> None:
        for kind in kinds:
            text = "posso pegar?" if kind == "text" else None
            inbound = Inbound(MAIN, MessageId("3AIN"), ANA, kind, text, shop.clock.now(), live=True, lid=None)
            await shop.messenger.emit(inbound)
            await let_tasks_run()
        assert [event.reply.kind for event in shop.events if isinstance(event, ReplyArrived)] == taken_in

    in_shop(story)
