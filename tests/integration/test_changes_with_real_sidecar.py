"""Customers edit, delete and take back: the whole product over the real sidecar and the database on disk."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import OrderId
from tests.integration.test_opt_out_with_real_sidecar import ANA, Counter, open_counter, until
from tests.integration.test_replies_with_real_sidecar import come_back, leave, until_replied

pytestmark = [pytest.mark.slow, pytest.mark.requirement("K9"), pytest.mark.timeout(90)]


async def write(
    counter: Counter, message_id: str, kind: str = "text", text: str = "", about: str = ""
) -> None:
    await counter.whatsapp.admin.post(
        "inbound",
        number=ANA.number,
        kind=kind,
        text=text,
        id=message_id,
        **({"about": about} if about else {}),
    )


async def kept(counter: Counter, order_id: OrderId) -> Sequence[CustomerReply]:
    return (await counter.core.inbox.exchange(order_id)).replies


@pytest.mark.parametrize("named_by", ["pn", "lid"])
def test_messages_change_with_what_is_said_about_them(named_by: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_counter(tmp_path) as counter:
            order = counter.order(1)
            await counter.core.watcher.store_and_notify(order)
            await counter.until_shown("Oi")
            for message_id in ("A", "B", "C", "D"):
                await write(counter, message_id, text="antes")
            await counter.whatsapp.admin.post("options", messages_as=named_by)
            await write(counter, "E1", "edit", "depois", "A")
            await write(counter, "E2", "wrapped_edit", "depois", "B")
            await write(counter, "E3", "secret_edit", about="C")
            await write(counter, "E4", "revoke", about="D")
            await write(counter, "R1", "reaction", "👍", "A")
            await write(counter, "R2", "reaction", "", "A")
            for kind in ("album", "pin", "keep", "vote", "call"):
                await write(counter, f"N-{kind}", kind, about="A")
            await write(counter, "LAST", text="obrigada")
            replies = await until_replied(counter, order.id, "LAST")
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
        async with open_counter(tmp_path) as counter:
            order = counter.order(1)
            await counter.core.watcher.store_and_notify(order)
            await counter.until_shown("Oi")
            await leave(counter)
            await write(counter, "A", text="para")
            await write(counter, "B", "edit", "PARAR", "A")
            await come_back(counter)

            async def edited() -> bool:
                return [reply.text for reply in await kept(counter, order.id)] == ["PARAR"]

            await until(edited)
            await counter.until_opted_out(opted_out=True)
            await counter.until_shown("Oi", "Pronto")

    asyncio.run(story())


@pytest.mark.requirement("Z5")
def test_half_of_a_sign_and_an_odd_id_stop_no_word_to_leave(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_counter(tmp_path) as counter:
            order = counter.order(1)
            await counter.core.watcher.store_and_notify(order)
            await counter.until_shown("Oi")
            half = "CgVPae2gvQ=="  # `Oi` and the first half of an emoji
            await counter.whatsapp.admin.post("inbound", number=ANA.number, raw=half, id="HALF")
            await counter.whatsapp.admin.post("inbound", number=ANA.number, text="PARAR\0", id="an odd id")
            await counter.until_opted_out(opted_out=True)
            replies = await until_replied(counter, order.id, "HALF")
            assert replies[0].text == "Oi\ufffd"

    asyncio.run(story())
