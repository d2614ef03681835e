"""Identifiers of two PCs of one shop: equal for one thing, different for two."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.key_ring import new_key_ring
from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.contact import Contact
from app.domain.identifiers import MessageId, NotificationId, SessionId, answer_occurrence, confirmation_id
from app.domain.notification import Notification
from app.domain.opt_out import OptOutWord
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.services.messaging.records import NotificationRequest
from app.services.notifications.sender_assignment import SenderAssignment
from tests.contracts.asked_store import Asked
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, first_words, say
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.seeded_entropy import SeededEntropy

SECOND = SessionId("second")
PAYMENT, REPLY = NotificationType.PAYMENT_CONFIRMED, NotificationType.REPLY
LID = "77@lid"


def on_two_pcs(act: Callable[[Shop], Awaitable[Any]], *, alike: bool = False) -> list[Any]:
    """What the act came to on each PC; `alike`: their chance is the same, as on two copies of one disk."""
    came: list[Any] = []

    async def story(shop: Shop) -> None:
        await shop.see(shop.order(7))
        came.append(await act(shop))

    for seed in (1, 1 if alike else 2):
        in_shop(story, seed=seed)
    return came


async def _rows(shop: Shop, kind: NotificationType) -> list[Notification]:
    rows = await shop.store.read(lambda rows: rows.notifications.of_order(shop.order(7).id))
    return [row for row in rows if row.type is kind]


@pytest.mark.requirement("C4")
def test_two_answers_have_two_ids_and_occurrences() -> None:
    async def answer(shop: Shop) -> list[tuple[NotificationId, int]]:
        for text in ("Pode vir em 10 min", "Pode vir em 10 min"):
            assert (await shop.core.inbox.answer(shop.order(7).id, text)).success
        return [(row.id, row.occurrence) for row in await _rows(shop, REPLY)]

    first, second = on_two_pcs(answer)
    assert len({*first, *second}) == 4
    assert len({occurrence for _, occurrence in (*first, *second)}) == 4


def test_answers_differ_even_where_two_pcs_draw_alike() -> None:
    texts = iter(("Pode vir em 10 min", "Já está pronto"))

    async def answer(shop: Shop) -> NotificationId:
        await shop.core.inbox.answer(shop.order(7).id, next(texts))
        return (await _rows(shop, REPLY))[0].id

    first, second = on_two_pcs(answer, alike=True)
    assert first != second


def test_occurrence_of_an_answer_fits_into_any_integer_column() -> None:
    drawn = [answer_occurrence(SeededEntropy(seed).uuid(), "oi") for seed in range(50)]
    assert all(0 <= occurrence < 2**31 for occurrence in drawn)
    assert max(drawn) >= 2**30, "all 31 bits are used"
    assert len(set(drawn)) == 50


def test_two_texts_of_ones_own_have_two_ids() -> None:
    async def write(shop: Shop) -> NotificationId | None:
        return (await shop.core.messages.send_custom_message(ANA.number, "Oi!")).notification_id

    first, second = on_two_pcs(write)
    assert first != second


def test_text_for_an_orders_customer_goes_to_the_number_it_has_by_then() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7))
        await shop.see(shop.order(7, phone=RUI.number))
        assert (await shop.core.messages.write_to_customer(order.id, "Oi!")).success
        await let_tasks_run()
        assert shop.messenger.sends[-1].jid == f"{RUI.number[1:]}@s.whatsapp.net"
        unknown = await shop.core.messages.write_to_customer(shop.order(9).id, "Oi!")
        assert unknown.error == "unknown_order"

    in_shop(story)


@pytest.mark.requirement("Q6")
def test_resend_that_two_pcs_ask_for_at_once_is_one_message() -> None:
    async def resend(shop: Shop) -> tuple[NotificationId | None, MessageId | None]:
        again = await shop.core.messages.resend(NotificationRequest(shop.order(7).id, PAYMENT))
        return again.notification_id, again.message_id

    first, second = on_two_pcs(resend, alike=True)
    assert first == second != (None, None)


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("word", ["PARAR", "VOLTAR"])
def test_word_has_one_confirmation_whatever_each_pc_knows_of_its_writer(word: str) -> None:
    knows = iter((True, False))

    async def hear(shop: Shop) -> set[NotificationId]:
        if word == "VOLTAR":
            await say(shop, "PARAR", ANA, message_id="3A0")
        if next(knows):
            known = KnownNumber(RUI, WhatsAppAccount("5573@s.whatsapp.net", LID), shop.clock.now())
            await shop.store.transact(lambda rows: rows.numbers.save(known))
        before = len(shop.messenger.sends)
        await say(shop, word, ANA, message_id="3A1", lid=LID)
        await shop.pass_time(seconds=5)
        assert len(shop.messenger.sends) == before + 1
        named = confirmation_id(
            MAIN, MessageId("3A1"), OptOutWord.LEAVE if word == "PARAR" else OptOutWord.RETURN
        )
        row = await shop.store.read(lambda rows: rows.notifications.get(named))
        assert row is not None
        return {row.id}

    first, second = on_two_pcs(hear)
    assert first == second


@pytest.mark.requirement("X1")
def test_word_that_reuses_an_id_is_obeyed_without_a_second_confirmation() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", ANA, message_id="3A1")
        await say(shop, "PARAR", RUI, message_id="3A1")
        await shop.pass_time(seconds=5)
        assert first_words(shop) == ["Pronto"]
        assert await shop.store.read(lambda rows: rows.opt_outs.in_force(RUI)) is not None

    in_shop(story)


def _senders(seed: int = 3) -> SenderAssignment:
    entropy = SeededEntropy(seed)
    return SenderAssignment(KeyRingVault(new_key_ring(entropy), entropy), (MAIN, SECOND), lambda _: False)


@pytest.mark.requirement("Q9")
def test_sender_of_400_customers_is_the_same_however_they_are_spelt() -> None:
    senders, chosen = _senders(), set[SessionId]()
    for number in range(90000000, 90000400):
        spelt = Phone(f"+5573{number}"), Phone(f"+55739{number}")
        one, other = (
            Asked(MemoryStore()).transact(lambda rows, phone=phone: senders.sender_of(rows, phone))  # type: ignore[misc]
            for phone in spelt
        )
        assert one == other
        chosen.add(one)
    assert chosen == {MAIN, SECOND}


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize("kept", [ANA, ANA_BEFORE_2016])
@pytest.mark.parametrize("sender", [MAIN, SECOND])
def test_sender_on_disk_stays_whichever_spelling_it_was_chosen_for(kept: Phone, sender: SessionId) -> None:
    asked, contact = Asked(MemoryStore()), Contact(sender)
    asked.transact(lambda rows: rows.contacts.save(kept, contact))
    for phone in (ANA_BEFORE_2016, ANA, kept):
        assert asked.transact(lambda rows, phone=phone: _senders().sender_of(rows, phone)) == sender  # type: ignore[misc]
        assert asked.read(lambda rows, phone=phone: rows.contacts.get(phone)) == contact  # type: ignore[misc]
