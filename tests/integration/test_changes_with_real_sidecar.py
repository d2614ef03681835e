"""Customers edit, delete and take back: the whole product over the real sidecar and the database on disk."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import OrderId
from tests.harness.sidecar_shop import ANA, SidecarShopHarness, open_sidecar_shop
from tests.harness.waiting import wait_until
from tests.integration.test_replies_with_real_sidecar import come_back, leave, until_replied

pytestmark = [pytest.mark.slow, pytest.mark.requirement("K9"), pytest.mark.timeout(90)]


async def write(
    shop: SidecarShopHarness, message_id: str, kind: str = "text", text: str = "", about: str = ""
) -> None:
    await shop.whatsapp.admin.post(
        "inbound",
        number=ANA.number,
        kind=kind,
        text=text,
        id=message_id,
        **({"about": about} if about else {}),
    )


async def kept(shop: SidecarShopHarness, order_id: OrderId) -> Sequence[CustomerReply]:
    return (await shop.core.inbox.exchange(order_id)).replies


@pytest.mark.parametrize("named_by", ["pn", "lid"])
def test_messages_change_with_what_is_said_about_them(named_by: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path) as shop:
            order = shop.order(1)
            await shop.core.watcher.store_and_notify(order)
            await shop.until_shown("Oi")
            for message_id in ("A", "B", "C", "D"):
                await write(shop, message_id, text="antes")
            await shop.whatsapp.admin.post("options", messages_as=named_by)
            await write(shop, "E1", "edit", "depois", "A")
            await write(shop, "E2", "wrapped_edit", "depois", "B")
            await write(shop, "E3", "secret_edit", about="C")
            await write(shop, "E4", "revoke", about="D")
            await write(shop, "R1", "reaction", "👍", "A")
            await write(shop, "R2", "reaction", "", "A")
            for kind in ("album", "pin", "keep", "vote", "call"):
                await write(shop, f"N-{kind}", kind, about="A")
            await write(shop, "LAST", text="obrigada")
            replies = await until_replied(shop, order.id, "LAST")
            assert [(reply.message_id, reply.kind, reply.text) for reply in replies] == [
                ("A", "text", "depois"),
                ("B", "text", "depois"),
                ("C", "edited_elsewhere", "antes"),
                ("D", "deleted", None),
                ("R1", "withdrawn", None),
                ("LAST", "text", "obrigada"),
            ]

    asyncio.run(story())


@pytest.mark.requirement("X1")
def test_an_edit_that_asks_to_leave_is_obeyed_after_an_absence(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path) as shop:
            order = shop.order(1)
            await shop.core.watcher.store_and_notify(order)
            await shop.until_shown("Oi")
            await leave(shop)
            await write(shop, "A", text="para")
            await write(shop, "B", "edit", "PARAR", "A")
            await come_back(shop)

            async def edited() -> bool:
                return [reply.text for reply in await kept(shop, order.id)] == ["PARAR"]

            await wait_until(edited)
            await shop.until_opted_out(opted_out=True)
            await shop.until_shown("Oi", "Pronto")

    asyncio.run(story())


@pytest.mark.requirement("Z5")
def test_half_of_a_sign_and_an_odd_id_stop_no_word_to_leave(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path) as shop:
            order = shop.order(1)
            await shop.core.watcher.store_and_notify(order)
            await shop.until_shown("Oi")
            half = "CgVPae2gvQ=="  # `Oi` and the first half of an emoji
            await shop.whatsapp.admin.post("inbound", number=ANA.number, raw=half, id="HALF")
            await shop.whatsapp.admin.post("inbound", number=ANA.number, text="PARAR\0", id="an odd id")
            await shop.until_opted_out(opted_out=True)
            replies = await until_replied(shop, order.id, "HALF")
            assert replies[0].text == "Oi\ufffd"

    asyncio.run(story())
