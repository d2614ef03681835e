"""Attention counts: untold customers and unread replies of a period, page by page."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.identifiers import MessageId
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.services.orders import attention_counts
from app.services.orders.attention_counts import AttentionCounts
from tests.harness.shop import MAIN, Shop, open_shop

pytestmark = pytest.mark.requirement("C3")


async def refused(shop: Shop, number: int) -> None:
    shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
    await shop.see(shop.order(number, phone=f"+55739995400{number:02}"))


async def write(shop: Shop, number: int, message: str) -> None:
    phone = Phone(f"+55739995400{number:02}")
    await shop.core.inbox.record(
        Inbound(MAIN, MessageId(message), phone, "text", "Oi", shop.clock.now(), live=True)
    )


def test_counts_name_each_order_once_and_leave_older_ones_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention_counts, "_PAGE", 2)

    async def story() -> None:
        async with open_shop() as shop:
            await refused(shop, 1)
            await shop.pass_time(days=1)
            since = shop.clock.now() - timedelta(hours=1)
            await refused(shop, 2)
            for number in (3, 4, 5):
                await shop.see(shop.order(number, phone=f"+55739995400{number:02}"))
            await write(shop, 3, "A1")
            await write(shop, 3, "A2")
            await write(shop, 4, "B1")
            counts = await shop.core.board.attention(since)
            assert counts == AttentionCounts(untold=1, unread=2, replies=3, orders=4)
            await shop.core.inbox.mark_read(shop.order(3).id)
            counts = await shop.core.board.attention(since)
            assert (counts.unread, counts.replies) == (1, 1)

    asyncio.run(story())


def test_counts_are_zero_for_an_empty_day() -> None:
    async def story() -> None:
        async with open_shop() as shop:
            assert await shop.core.board.attention(shop.clock.now()) == AttentionCounts()

    asyncio.run(story())
