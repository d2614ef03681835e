"""Read receipts: which replies of an opened order WhatsApp is told of, and what a failure changes."""

from dataclasses import replace

import pytest

from app.domain.claim_text import claim_text
from app.domain.events import RepliesRead
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.customer_words import ANA, say
from tests.harness.shop import MAIN, Shop, in_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("C4")
HIDDEN = Lid("77@lid")


async def opened(shop: Shop) -> int:
    seen = await shop.core.inbox.mark_read(shop.order(1).id)
    await let_tasks_run()
    return seen


async def write(shop: Shop, kind: str, message_id: str, about: str | None = None) -> None:
    earlier = MessageId(about) if about else None
    at = shop.clock.now()
    await shop.messenger.emit(
        Inbound(MAIN, MessageId(message_id), ANA, kind, "oi", at, live=True, about=earlier)
    )


def test_opened_replies_are_marked_as_read_once() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        for named in ("3A1", "3A2"):
            await say(shop, "oi", message_id=named)
        assert [await opened(shop), await opened(shop)] == [2, 0]
        assert shop.messenger.read_marks == [(ANA, "3A1", True), (ANA, "3A2", True)]

    in_shop(story)


def test_a_later_reply_alone_is_marked_when_the_order_is_opened_again() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        for named in ("3A1", "3A2"):
            await say(shop, "oi", message_id=named)
            await opened(shop)
        assert [message_id for _, message_id, _ in shop.messenger.read_marks] == ["3A1", "3A2"]

    in_shop(story)


def test_a_reaction_is_not_marked() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await write(shop, "text", "3A1")
        await opened(shop)
        await write(shop, "reaction", "3A2", about="3A1")
        assert await opened(shop) == 1
        assert [message_id for _, message_id, _ in shop.messenger.read_marks] == ["3A1"]

    in_shop(story)


def test_a_hidden_customers_reply_is_marked_by_lid() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1, phone=""))
        await say(shop, claim_text(1), None, lid=HIDDEN.text, jid=HIDDEN.text, message_id="3A1")
        await opened(shop)
        assert shop.messenger.read_marks == [(HIDDEN, "3A1", True)]

    in_shop(story)


def test_a_receipt_that_cannot_be_sent_changes_nothing_at_the_counter() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await say(shop, "oi")
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        assert await opened(shop) == 1
        assert RepliesRead(shop.order(1).id) in shop.events
        assert shop.messenger.read_marks == []

    in_shop(story)


def test_nothing_is_told_when_the_setting_is_off() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await say(shop, "oi")
        assert await opened(shop) == 1
        assert shop.messenger.read_marks == []

    in_shop(story, choices=replace(shop_choices(), read_receipts=False))
