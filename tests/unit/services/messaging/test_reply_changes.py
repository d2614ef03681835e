"""Reply changes: an edit or deletion changes the message that it is about, and no other."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.claim_text import claim_text
from app.domain.customer_reply import EDITED_ELSEWHERE, CustomerReply
from app.domain.events import ReplyArrived, ReplyChanged
from app.domain.identifiers import MessageId
from app.domain.lid import lid_of
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.ports.store import Rows
from app.services.text.message_catalog import MessageCatalog
from tests.contracts.asked_store import NOW
from tests.corpus import Case, each_case
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI
from tests.harness.greeted_shop import order_now, phoneless
from tests.harness.shop import MAIN, Shop, in_shop, open_shop
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("K9")
SAY = MessageCatalog(Path("resources/i18n/sentences.pt-BR.json").read_text(encoding="utf-8"))


async def write(
    shop: Shop,
    kind: str,
    message_id: str,
    about: str = "",
    text: str = "",
    *,
    phone: Phone | None = ANA,
    lid: str | None = None,
    at: datetime | None = None,
) -> None:
    """A reaction without a sign is taken back; anything else without a text has none."""
    said = text if text or kind == "reaction" else None
    at = shop.clock.now() if at is None else at
    named, meant = MessageId(message_id), MessageId(about) if about else None
    inbound = Inbound(MAIN, named, phone, kind, said, at, live=True, lid=lid_of(lid), about=meant)
    await shop.messenger.emit(inbound)
    await let_tasks_run()


async def replies(shop: Shop, number: int = 1) -> list[CustomerReply]:
    return list((await shop.core.inbox.exchange(shop.order(number).id)).replies)


def shown(reply: CustomerReply) -> str:
    edited = " (editada)" if reply.edited and reply.kind != EDITED_ELSEWHERE else ""
    return f"{SAY.of_reply(reply)}{edited}{'*' if reply.read_at is None else ''}"


async def has_left(shop: Shop) -> bool:
    return await shop.store.read(lambda rows: rows.opt_outs.in_force(ANA)) is not None


@each_case("inbound")
def test_an_order_shows_what_the_corpus_says_of_what_is_written(case: Case) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await shop.see(shop.order(2, phone=RUI.number))
        sent: dict[str, datetime] = {}
        for words, message_id, about, text in case.given:
            *who, kind = words.split()
            if kind == "read":
                await shop.core.inbox.mark_read(shop.order(1).id)
                continue
            phone = RUI if "other" in who else ANA
            before = timedelta(seconds=30 if "earlier" in who else 0)
            at = sent.setdefault(message_id, shop.clock.now() - before)
            await write(shop, kind, message_id, about, text, phone=phone, at=at)
            await shop.pass_time(seconds=5)
        left = ["left"] if await has_left(shop) else []
        assert [shown(reply) for reply in await replies(shop)] + left == case.expect

    in_shop(story)


def test_customer_changes_a_message_in_either_number_form_and_when_hidden() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await write(shop, "text", "A", "", "a", lid="77@lid")
        await write(shop, "edit", "B", "A", "b", phone=ANA_BEFORE_2016)
        assert [reply.text for reply in await replies(shop)] == ["b"]
        await shop.pass_time(seconds=1)
        await write(shop, "edit", "C", "A", "c", phone=None, lid="77@lid")
        assert [reply.text for reply in await replies(shop)] == ["c"]

    in_shop(story)


def test_hidden_customers_change_nothing_of_each_other() -> None:
    async def story(shop: Shop) -> None:
        await write(shop, "text", "A", "", "a", phone=None, lid="77@lid")
        await write(shop, "text", "A", "", "another", phone=None, lid="88@lid")
        await write(shop, "deletion", "B", "A", phone=None, lid="88@lid")
        told = [event.reply for event in shop.events if isinstance(event, ReplyArrived | ReplyChanged)]
        assert [(reply.kind, reply.text) for reply in told] == [
            ("text", "a"),
            ("text", "another"),
            ("deleted", None),
        ]

    in_shop(story)


def test_a_change_is_told_once_and_a_new_reaction_as_a_reply() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await write(shop, "text", "A", "", "a")
        for _ in range(2):
            await write(shop, "edit", "B", "A", "b")
            await write(shop, "reaction", "C", "S", "👍")
        told = [
            (type(event), event.reply.text)
            for event in shop.events
            if isinstance(event, ReplyArrived | ReplyChanged)
        ]
        assert told == [(ReplyArrived, "a"), (ReplyChanged, "b"), (ReplyArrived, "👍")]

    in_shop(story)


@pytest.mark.requirement("C4")
def test_an_edit_never_claims_an_order_and_is_shown_with_the_writers_own() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await shop.see(claimed := phoneless(shop, 7))
        await write(shop, "text", "A", "", "Quero acompanhar o pedido")
        await write(shop, "edit", "B", "A", claim_text(7))
        assert (await order_now(shop, claimed)).customer_phone == ""
        assert [reply.text for reply in await replies(shop)] == [claim_text(7)]

    in_shop(story)


@pytest.mark.requirement("X1")
def test_an_edit_that_asks_to_leave_is_confirmed_once() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await write(shop, "text", "A", "", "parra")
        for _ in range(2):
            await write(shop, "edit", "B", "A", "𝐏𝐀𝐑𝐀𝐑")
        assert [send.text.split()[0] for send in shop.messenger.sends] == ["Oi,", "Pronto:"]
        assert await has_left(shop)

    in_shop(story)


def test_a_change_of_what_was_emptied_changes_nothing() -> None:
    kept = CustomerReply(MessageId("A"), MAIN, Phone(""), "text", None, NOW, live=True, is_erased=True)
    assert kept.after_edit("b", NOW) is None
    assert kept.after_deletion(NOW) is None
    assert kept.after_reaction("👍", NOW) is None


def test_a_change_outlives_the_program() -> None:
    async def day() -> None:
        async with open_shop() as shop:
            await shop.see(shop.order(1))
            await write(shop, "deletion", "B", "A")
            await write(shop, "edit", "D", "C", "c")
        async with open_shop(store=shop.store, clock=shop.clock, seed=1) as again:
            await write(again, "text", "A", "", "a")
            await write(again, "text", "C", "", "x")
            assert [shown(reply) for reply in await replies(again)] == [
                "[apagou a mensagem]",
                "c (editada)*",
            ]

    asyncio.run(day())


def test_an_edit_makes_no_stranger_known() -> None:
    async def story(shop: Shop) -> None:
        await write(shop, "edit", "B", "A", "b")
        assert await shop.store.read(lambda rows: rows.contacts.get(ANA)) is None
        await write(shop, "reaction", "C", "S", "👍")
        assert await shop.store.read(_wrote)

    in_shop(story)


def _wrote(rows: Rows) -> bool:
    contact = rows.contacts.get(ANA)
    return contact is not None and contact.first_inbound_at is not None
