"""Opt-outs: one confirmation, then no further message."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

import pytest

from app.domain.account import WhatsAppAccount
from app.domain.errors import (
    ManagerNeededError,
    NotOptedOutError,
    ReasonMissingError,
)
from app.domain.events import ProblemReported
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.domain.notification import State, Suppression
from app.domain.opt_out import OptOutSource
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, first_words, say
from tests.harness.every_notification import in_state
from tests.harness.shop import MAIN, Shop, advanced, in_shop
from tests.simulators.memory_store import MemoryStore

pytestmark = pytest.mark.requirement("X1")
T = TypeVar("T")


async def read(shop: Shop, work: Callable[[Rows], T]) -> T:
    return await shop.store.read(work)


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("form", [ANA, ANA_BEFORE_2016])
def test_after_the_word_nothing_goes_out_but_one_confirmation(form: Phone, live: bool) -> None:  # noqa: FBT001
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        before = shop.clock.steady()
        await say(shop, "Parar!", form, live=live)
        assert first_words(shop) == ["Oi", "Pronto"]
        assert shop.clock.steady() == before
        await shop.see(advanced(order, "in_preparation"))
        await shop.see(shop.order(2, phone=ANA_BEFORE_2016.number))
        await shop.see(shop.order(3, phone=RUI.number))
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Oi", "Pronto", "Oi"]
        row = await shop.message(order, NotificationType.PREPARING)
        assert (row.state, row.reason, row.is_untold) == (State.SUPPRESSED, Suppression.OPTED_OUT, False)

    in_shop(story)


def test_opt_out_suppresses_what_waits_and_confirms_once_connected() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
        orders = [shop.order(number) for number in (1, 2)]
        for order in orders:
            await shop.see(order)
        await say(shop, "SAIR")
        assert {(await shop.message(order)).reason for order in orders} == {Suppression.OPTED_OUT}
        assert shop.messenger.sends == []
        waiting = await read(shop, lambda rows: in_state(rows, State.PENDING))
        assert [row.type for row in waiting] == [NotificationType.OPT_OUT_CONFIRMATION]

    in_shop(story)


def test_the_word_repeated_or_delivered_again_is_confirmed_once() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "pare", message_id="A")
        for again in ("A", "B", "B"):
            await say(shop, "PARAR", message_id=again)
        await say(shop, "voltar", message_id="C")
        for again in ("A", "B", "C"):
            await say(shop, "PARAR" if again != "C" else "voltar", message_id=again)
        await shop.pass_time(minutes=1)
        assert first_words(shop) == ["Pronto", "Que"]
        assert len(await read(shop, lambda rows: rows.opt_outs.history(ANA))) == 1
        await say(shop, "PARAR", message_id="D")
        assert first_words(shop) == ["Pronto", "Que", "Pronto"]

    in_shop(story)


def test_coming_back_brings_the_next_messages_but_not_the_old_ones() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "stop")
        await shop.see(shop.order(1))
        await say(shop, "Voltar 🥥")
        await shop.see(shop.order(2))
        assert first_words(shop) == ["Pronto", "Que", "Oi"]
        assert "#2" in shop.messenger.sends[-1].text
        (kept,) = await read(shop, lambda rows: rows.opt_outs.history(ANA))
        assert (kept.source, kept.undone_by) == (OptOutSource.CUSTOMER, OptOutSource.CUSTOMER)

    in_shop(story)


def test_opt_in_that_was_asked_for_before_the_opt_out_undoes_nothing() -> None:
    async def story(shop: Shop) -> None:
        earlier = Inbound(MAIN, MessageId("EARLY"), ANA, "text", "voltar", shop.clock.now(), live=False)
        await shop.pass_time(minutes=1)
        await say(shop, "parar")
        await shop.messenger.emit(earlier)
        await shop.see(shop.order(1))
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_a_sender_known_by_account_id_alone_is_found_by_it() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = WhatsAppAccount("557399548537@s.whatsapp.net", "4711@lid")
        await shop.see(shop.order(1))
        await say(shop, "PARAR", None, lid="4711@lid")
        await shop.see(shop.order(2))
        assert first_words(shop) == ["Oi", "Pronto"]

    in_shop(story)


def test_every_number_of_the_account_is_closed_and_confirmed_once() -> None:
    async def story(shop: Shop) -> None:
        for phone in (ANA, RUI):
            connect = partial(_connect, phone=phone, lid=Lid("4711@lid"), at=shop.clock.now())
            await shop.store.transact(connect)
        await say(shop, "PARAR", ANA_BEFORE_2016, lid="4711@lid")
        for number, phone in enumerate((ANA, RUI)):
            await shop.see(shop.order(number, phone=phone.number))
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_a_sender_whom_nobody_can_name_is_reported_to_a_person() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", None, lid="unknown@lid")
        await say(shop, "VOLTAR", None)
        assert shop.events[-1:] != []
        assert [e.code for e in shop.events if isinstance(e, ProblemReported)] == ["opt_out_sender_unknown"]
        assert shop.messenger.sends == []

    in_shop(story)


def test_other_texts_and_texts_without_words_change_nothing() -> None:
    async def story(shop: Shop) -> None:
        for text in ("posso parar aí?", "obrigada!", ""):
            await say(shop, text)
        await say(shop, "voltar")
        await shop.see(shop.order(1))
        assert first_words(shop) == ["Oi"]

    in_shop(story)


def test_a_manager_undoes_it_with_a_reason_that_is_kept() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "parar")
        opt_outs = shop.core.opt_outs
        with pytest.raises(ReasonMissingError):
            await opt_outs.undo(ANA.number, "  ")
        await opt_outs.undo(ANA_BEFORE_2016.number, "pediu no balcão")
        with pytest.raises(NotOptedOutError):
            await opt_outs.undo(ANA.number, "de novo")
        (kept,) = await read(shop, lambda rows: rows.opt_outs.history(ANA))
        assert (kept.undone_by, kept.undo_reason) == (OptOutSource.MANAGER, "pediu no balcão")
        await shop.see(shop.order(1))
        assert first_words(shop) == ["Pronto", "Oi"]

    in_shop(story)


@pytest.mark.requirement("X5")
def test_undo_needs_the_manager_when_a_pin_is_set() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "parar")
        await shop.core.access.gate.set_pin("2468")
        with pytest.raises(ManagerNeededError):
            await shop.core.opt_outs.undo(ANA.number, "porque sim")
        assert await read(shop, lambda rows: rows.opt_outs.in_force(ANA)) is not None

    in_shop(story)


def test_the_confirmation_of_a_return_does_not_follow_a_new_word_of_leave() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        shop.messenger.opens = False
        for word in ("parar", "voltar", "parar"):
            await say(shop, word)
        shop.messenger.opens = True
        await shop.core.connection.reconnect()
        await shop.pass_time(minutes=1)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_nothing_said_is_lost_on_a_copy_of_the_disk() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "parar", message_id="A")
        assert isinstance(shop.store, MemoryStore)
        on_disk = shop.store.copy()
        assert await on_disk.read(lambda rows: rows.opt_outs.in_force(ANA)) is not None

    in_shop(story)


def _connect(rows: Rows, phone: Phone, lid: Lid, at: datetime) -> None:
    rows.identities.connect(phone, lid, at)
