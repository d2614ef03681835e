"""Customers whose messages wait unread: nothing is sent to them, and for a minute to no other customer."""

import asyncio
from collections.abc import Sequence

import pytest

from app.domain.account import NumberAnswer
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address, Lid
from app.domain.notification import State, Suppression
from app.domain.phone import Phone
from app.ports.inbound import UnreadMessage
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, first_words, say
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

pytestmark = pytest.mark.requirement("X1")
LID = Lid("4711@lid")
SAIR = MessageId("3ASAIR")


def comes(shop: Shop, message_id: str, *addresses: Address) -> None:
    """A message that waited has reached the computer and is not decrypted."""
    shop.messenger.listener.offline_stanza_arrived(MAIN, UnreadMessage(MessageId(message_id), addresses))


async def is_read(shop: Shop, message_id: str = SAIR) -> None:
    shop.messenger.listener.offline_message_recorded(MAIN, MessageId(message_id))
    await let_tasks_run()


async def log_in(shop: Shop, *unread: Address, orders: tuple[Phone, ...] = (ANA,)) -> None:
    """Orders wait while the shop is away; then the connection is open, with the unread messages in front of it."""
    shop.messenger.opens = False
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    for number, phone in enumerate(orders, 1):
        await shop.see(shop.order(number, phone.number))
    await shop.pass_time(seconds=2)
    for address in unread:
        comes(shop, SAIR, address)
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
    await let_tasks_run()


def test_an_unread_sair_is_waited_for_beyond_the_silence() -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, ANA)
        await shop.pass_time(seconds=50)
        assert shop.messenger.sends == []
        await say(shop, "SAIR", ANA, live=False, message_id=SAIR)
        await is_read(shop)
        await shop.pass_time(seconds=10)
        kept = await shop.message(shop.order(1))
        assert (kept.state, kept.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_the_silence_begins_at_the_last_stanza_that_waited() -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop)
        for _ in range(4):
            await shop.pass_time(seconds=4)
            shop.messenger.listener.offline_stanza_arrived(MAIN, None)
        assert shop.messenger.sends == []
        await shop.pass_time(seconds=5)
        assert first_words(shop) == ["Oi"]

    in_shop(story)


@pytest.mark.parametrize("unread", [ANA, ANA_BEFORE_2016])
def test_after_a_minute_all_but_the_unread_customers_are_told(unread: Phone) -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, unread, orders=(ANA, RUI))
        await shop.pass_time(seconds=59)
        assert shop.messenger.sends == []
        await shop.pass_time(minutes=5)
        assert [send.jid for send in shop.messenger.sends] == [f"{RUI.number[1:]}@s.whatsapp.net"]
        await is_read(shop)
        assert len(shop.messenger.sends) == 2

    in_shop(story)


def test_a_customer_is_held_for_ten_minutes_at_most() -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, ANA)
        await shop.pass_time(minutes=9)
        assert shop.messenger.sends == []
        await shop.pass_time(minutes=2)
        assert first_words(shop) == ["Oi"]

    in_shop(story)


def test_an_undecryptable_sair_is_waited_for_until_it_comes_again() -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, ANA, orders=(ANA, RUI))
        await say(shop, "", ANA, live=False, message_id=SAIR, kind="unreadable")
        await is_read(shop)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await shop.pass_time(seconds=40)
        assert [send.jid for send in shop.messenger.sends] == [f"{RUI.number[1:]}@s.whatsapp.net"]
        await say(shop, "SAIR", ANA, message_id=SAIR)
        await shop.pass_time(minutes=2)
        assert first_words(shop) == ["Oi", "Pronto"]

    in_shop(story)


@pytest.mark.parametrize("answer", ["oi", None])
def test_a_customer_is_told_after_an_undecryptable_text(answer: str | None) -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, ANA)
        await say(shop, "", ANA, live=False, message_id=SAIR, kind="unreadable")
        await is_read(shop)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await shop.pass_time(seconds=30)
        assert shop.messenger.sends == []
        if answer:
            await say(shop, answer, ANA, message_id=SAIR)
            await shop.pass_time(seconds=5)
        else:
            await shop.pass_time(minutes=2)
        assert first_words(shop) == ["Oi"]

    in_shop(story)


def test_an_overdue_message_holds_up_nobody_at_later_logins() -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, ANA, orders=(ANA, RUI))
        await shop.pass_time(minutes=11)
        assert len(shop.messenger.sends) == 2
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        for number, phone in enumerate((ANA, RUI), 3):
            await shop.see(shop.order(number, phone.number))
        await shop.pass_time(seconds=2)
        comes(shop, SAIR, ANA)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await shop.pass_time(seconds=15)
        assert len(shop.messenger.sends) == 4

    in_shop(story)


def test_a_number_is_held_when_its_account_is_the_unread_one() -> None:
    async def story(shop: Shop) -> None:
        # Nobody knows whose it is before WhatsApp is asked for the number's account, right before the send.
        shop.messenger.lids[ANA] = LID.text
        await log_in(shop, LID)
        await shop.pass_time(minutes=5)
        assert shop.messenger.sends == []
        await say(shop, "SAIR", None, lid=LID.text, live=False, message_id=SAIR)
        await is_read(shop)
        await shop.pass_time(minutes=1)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_a_text_of_an_unknown_account_holds_no_other_customer() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.lids[ANA] = "9999@lid"
        await log_in(shop, LID)
        await shop.pass_time(minutes=2)
        assert first_words(shop) == ["Oi"]

    in_shop(story)


def test_a_lost_connection_keeps_the_hold_until_the_next_is_drained() -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, ANA)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=30)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await shop.pass_time(seconds=4)
        assert shop.messenger.sends == []
        comes(shop, SAIR, ANA)
        await shop.pass_time(minutes=3)
        assert shop.messenger.sends == []
        await is_read(shop)
        assert first_words(shop) == ["Oi"]

    in_shop(story)


def test_a_message_that_does_not_come_again_holds_its_writer_no_longer() -> None:
    async def story(shop: Shop) -> None:
        await log_in(shop, ANA)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=30)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await let_tasks_run()
        assert first_words(shop) == ["Oi"]

    in_shop(story)


def test_a_stanza_that_comes_during_the_attempt_keeps_its_bytes_back() -> None:
    async def story(shop: Shop) -> None:
        listener, allowed = shop.messenger.listener, []
        sound = listener.about_to_write

        async def about_to_write(message_id: MessageId) -> bool:
            comes(shop, SAIR, ANA_BEFORE_2016)
            allowed.append(await sound(message_id))
            return allowed[-1]

        listener.about_to_write = about_to_write  # type: ignore[method-assign]
        await shop.see(shop.order(1))
        assert (allowed, shop.messenger.sends) == ([False], [])
        assert (await shop.message(shop.order(1))).attempts == 0
        listener.about_to_write = sound  # type: ignore[method-assign]
        await is_read(shop)
        await shop.pass_time(seconds=30)
        assert first_words(shop) == ["Oi"]

    in_shop(story)


class Slow(ScriptedMessenger):
    """Answers about numbers when it is told to."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked, self.answers_now = asyncio.Event(), asyncio.Event()

    async def find_numbers(
        self, session_id: SessionId, customers: Sequence[Sequence[Phone]]
    ) -> Sequence[NumberAnswer]:
        self.asked.set()
        await self.answers_now.wait()
        return await super().find_numbers(session_id, customers)


def test_an_attempt_begun_before_a_reconnection_does_not_leave_after_it() -> None:
    async def story(shop: Shop) -> None:
        slow = shop.messenger
        assert isinstance(slow, Slow)
        await shop.see(shop.order(1))
        assert slow.asked.is_set()
        slow.opens = False
        await shop.core.connection.reconnect()
        # The sidecar is quicker than the program, which has yet to hear that the connection is open.
        slow.open_sessions.add(MAIN)
        slow.answers_now.set()
        await let_tasks_run()
        assert slow.sends == []
        comes(shop, SAIR, ANA)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await shop.pass_time(minutes=3)
        assert slow.sends == []
        await is_read(shop)
        await shop.pass_time(seconds=30)
        assert first_words(shop) == ["Oi"]

    in_shop(story, messengers=Slow)
