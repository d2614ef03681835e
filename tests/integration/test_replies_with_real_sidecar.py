"""Customers answer the shop: the whole product over the real sidecar and the database on disk."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.customer_reply import CustomerReply
from app.domain.events import ReplyArrived
from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.session import ConnectionState
from tests.harness.sidecar_shop import ANA, SidecarShopHarness, open_sidecar_shop
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.requirement("C4"), pytest.mark.timeout(90)]


async def replies(shop: SidecarShopHarness, order_id: OrderId) -> Sequence[CustomerReply]:
    return (await shop.core.inbox.exchange(order_id)).replies


async def until_replied(shop: SidecarShopHarness, order_id: OrderId, *ids: str) -> Sequence[CustomerReply]:
    async def seen() -> bool:
        return {reply.message_id for reply in await replies(shop, order_id)} >= set(ids)

    await wait_until(seen)
    return await replies(shop, order_id)


async def leave(shop: SidecarShopHarness) -> None:
    """Nothing reaches the shop; what is written now waits at WhatsApp."""
    for fault in ("refuse_connections", "drop"):
        await shop.whatsapp.admin.post("fault", kind=fault)

    async def away() -> bool:
        return shop.core.connection.get_connection_status().state is not ConnectionState.CONNECTED

    await wait_until(away)


async def come_back(shop: SidecarShopHarness) -> None:
    await shop.whatsapp.admin.post("fault", kind="accept_connections")
    await shop.core.connection.reconnect()


async def write_everything(shop: SidecarShopHarness) -> None:
    """A text that comes twice, each kind, places that are not ours, and one that is first unreadable."""
    post = shop.whatsapp.admin.post
    await post("fault", kind="repeat_inbound", number=ANA.number)
    await post("inbound", number=ANA.number, text="posso pegar em 10 min?", id="TEXT")
    for kind in ("image", "video", "audio", "document", "sticker", "location"):
        await post("inbound", number=ANA.number, kind=kind, id=kind)
    await post("inbound", number=ANA.number, kind="reaction", text="👍", about="TEXT", id="reaction")
    for place in ("group", "status", "newsletter"):
        await post("inbound", number=ANA.number, text="não é com a loja", place=place, id=place)
    await post("fault", kind="garble_inbound", number=ANA.number)
    await post("inbound", number=ANA.number, text="sem granola", id="GARBLED")
    await post("inbound", number=ANA.number, text="obrigada", id="LAST")


def test_every_kind_that_a_customer_sends_is_kept_once_with_the_order(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path) as shop:
            order = shop.order(1)
            await shop.core.watcher.store_and_notify(order)
            await shop.until_shown("Oi")
            await write_everything(shop)
            await until_replied(shop, order.id, "LAST", "GARBLED", "reaction")

            async def readable() -> bool:
                return all(reply.kind != "unreadable" for reply in await replies(shop, order.id))

            await wait_until(readable)
            kept = {
                str(reply.message_id): (reply.kind, reply.text) for reply in await replies(shop, order.id)
            }
            assert kept["TEXT"] == ("text", "posso pegar em 10 min?")
            assert kept["GARBLED"] == ("text", "sem granola")
            assert kept["reaction"] == ("reaction", "👍")
            for kind in ("image", "video", "audio", "document", "sticker"):
                assert kept[kind][0] == kind
            assert kept["location"][0] == "other"
            assert len(await replies(shop, order.id)) == len(kept) == 10
            told = [str(event.reply.message_id) for event in shop.events if isinstance(event, ReplyArrived)]
            assert told.count("TEXT") == 1

    asyncio.run(story())


def test_replies_that_waited_while_away_are_kept_and_their_opt_out_obeyed(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path) as shop:
            order = shop.order(1)
            await shop.core.watcher.store_and_notify(order)
            await shop.until_shown("Oi")
            await leave(shop)
            await shop.whatsapp.admin.post("inbound", number=ANA.number, text="já cheguei", id="HERE")
            await shop.whatsapp.admin.post("inbound", number=ANA.number, text="Parar!", id="STOP")
            await come_back(shop)
            kept = await until_replied(shop, order.id, "HERE", "STOP")
            assert [(reply.text, reply.live) for reply in kept] == [("já cheguei", False), ("Parar!", False)]
            await shop.until_shown("Oi", "Pronto")

    asyncio.run(story())


def test_a_reply_is_kept_and_answered_while_a_message_is_in_doubt(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path) as shop:
            post, order = shop.whatsapp.admin.post, shop.order(1)
            await post("fault", kind="lose_ack", number=ANA.number)
            await shop.core.watcher.store_and_notify(order)
            await shop.until_shown("Oi")
            await post("inbound", number=ANA.number, text="posso pagar na entrega?", id="ASK")
            await until_replied(shop, order.id, "ASK")
            assert (await shop.core.inbox.answer(order.id, "Pode sim!")).success
            await shop.until_shown("Oi", "Pode")

            async def told() -> bool:
                rows = await shop.core.board.notifications([order.id])
                done = {State.DELIVERED, State.READ}
                return {row.type for row in rows if row.state in done} == {
                    NotificationType.PAYMENT_CONFIRMED,
                    NotificationType.REPLY,
                }

            await wait_until(told)
            assert (await shop.whatsapp.admin.get("messages"))["wire_repeats"] == 0

    asyncio.run(story())
