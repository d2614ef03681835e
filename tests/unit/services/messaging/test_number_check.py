"""Number check: one question for both Brazilian forms; answers alone are cached."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import CouldNotAsk, KnownNumber, NumberAnswer, WhatsAppAccount
from app.domain.claim_text import claim_text
from app.domain.errors import DatabaseBusyError, NotConnectedError
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.services.messaging.customer_identities import CustomerIdentities
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.opt_out_guard import OptOutGuard
from tests.harness.customer_words import ANA, RUI, first_words, say
from tests.harness.greeted_shop import order_now
from tests.harness.shop import MAIN, Shop, advanced, in_shop
from tests.simulators.busy_store import BusyStore
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("P2")

_PHONE = Phone("+5573999548537")
_NOWHERE = Phone("+5573988880006")
_OLD_FORM = WhatsAppAccount("557399548537@s.whatsapp.net", lid="1@lid")


def test_both_forms_are_asked_in_one_question_and_the_winner_is_written_to() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[_PHONE] = _OLD_FORM
        order = shop.order(1)
        for status in ("paid", "ready"):
            await shop.see(advanced(order, status))
        assert shop.messenger.asked_numbers == [(_PHONE, Phone("+557399548537"))]
        assert {send.jid for send in shop.messenger.sends} == {_OLD_FORM.jid}

    in_shop(story)


@pytest.mark.parametrize(("answer", "days"), [(_OLD_FORM, 30), (None, 1)])
def test_an_answer_counts_for_thirty_days_or_for_one(answer: NumberAnswer, days: int) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[_PHONE] = answer
        check = shop.core.messages.number_check
        for wait, questions in (({}, 1), ({"days": days, "seconds": -1}, 1), ({"seconds": 1}, 2)):
            shop.clock.let_sleep(timedelta(**wait))
            assert await check.account_of(MAIN, _PHONE) == answer
            assert len(shop.messenger.asked_numbers) == questions

    in_shop(story)


def test_a_number_without_whatsapp_gets_nothing_and_says_so() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[_PHONE] = None
        order = shop.order(2)
        await shop.see(order)
        message = await shop.message(order)
        assert (message.state, message.reason) == (State.SUPPRESSED, "not_on_whatsapp")
        assert shop.messenger.sends == []
        assert not await shop.core.messages.check_whatsapp_exists(_PHONE.number)

    in_shop(story)


@pytest.mark.parametrize("kind", ["timeout", "rate_limited", "refused"])
def test_no_answer_is_taken_for_neither_yes_nor_no(kind: str) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[_PHONE] = CouldNotAsk(kind)
        order = shop.order(3)
        await shop.see(order)
        with pytest.raises(NotConnectedError):
            await shop.core.messages.check_whatsapp_exists(_PHONE.number)
        assert shop.messenger.sends == []
        assert (await shop.message(order)).state is State.PENDING
        del shop.messenger.answers[_PHONE]
        await shop.pass_time(seconds=60)
        assert (await shop.message(order)).state is State.SENT

    in_shop(story)


def test_an_answer_that_could_not_be_kept_is_asked_for_again() -> None:
    """A row that is not there could not be made a suspect after a kill (K8)."""
    store = BusyStore()

    async def story(shop: Shop) -> None:
        identities = CustomerIdentities(shop.clock, OptOutGuard())
        check = NumberCheck(store, shop.messenger, shop.clock, shop.core.bus, identities)
        store.busy = True
        with pytest.raises(DatabaseBusyError):
            await check.account_of(MAIN, _PHONE)
        store.busy = False
        assert await check.account_of(MAIN, _PHONE)
        assert len(shop.messenger.asked_numbers) == 2
        assert await store.read(lambda rows: rows.numbers.get(_PHONE)) is not None

    in_shop(story, store=store)


def test_number_check_keeps_the_account_a_customer_proved_while_it_asked() -> None:
    async def story(shop: Shop) -> None:
        find = shop.messenger.find_numbers

        async def slow(*asked: Any) -> Any:
            answers = await find(*asked)
            await say(shop, claim_text(7), ANA, jid=_OLD_FORM.jid, lid="77@lid")
            return [None for _ in answers]

        shop.messenger.find_numbers = slow  # type: ignore[assignment,method-assign]
        await shop.see(order := shop.order(7, status="pending_payment"))
        assert await shop.core.messages.check_whatsapp_exists(ANA.number)
        known = await shop.store.read(lambda rows: rows.numbers.get(ANA))
        assert known is not None
        assert known.account == WhatsAppAccount(_OLD_FORM.jid, "77@lid")
        assert (await order_now(shop, order)).customer_phone == ANA.number

    in_shop(story)


@pytest.mark.requirement("K2", "X1")
def test_account_cached_without_a_lid_is_asked_for_before_a_message() -> None:
    """The next request about new orders comes after a pause, which the message does not wait for."""

    async def story(shop: Shop) -> None:
        cached = KnownNumber(_PHONE, WhatsAppAccount(_OLD_FORM.jid), shop.clock.now())
        await shop.store.transact(lambda rows: rows.numbers.save(cached))
        await say(shop, "PARAR", None, lid="1@lid")
        shop.messenger.answers[_PHONE] = _OLD_FORM
        await shop.see(shop.order(1, phone=RUI.number))
        await shop.see(shop.order(2))
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Pronto", "Oi"]

    in_shop(story)


@pytest.mark.requirement("K2", "P2")
def test_account_that_is_named_without_a_lid_is_asked_for_once_in_a_run() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[_PHONE] = WhatsAppAccount(_OLD_FORM.jid)
        for number in (1, 2, 3):
            await shop.see(shop.order(number))
            await shop.pass_time(minutes=5)
        assert len(shop.messenger.asked_numbers) == 1
        assert len(shop.messenger.sends) == 3

    in_shop(story)


@pytest.mark.requirement("K2")
def test_ask_keeps_each_answer_and_returns_the_unanswered_numbers() -> None:
    async def story(shop: Shop) -> None:
        check, unasked = shop.core.messages.number_check, CouldNotAsk("refused")
        shop.messenger.answers = {RUI: unasked, _PHONE: _OLD_FORM, _NOWHERE: None}
        assert await check.ask(MAIN, [RUI, _PHONE, _NOWHERE]) == {RUI: unasked}
        assert shop.messenger.requests_for_numbers == 1
        known = await shop.store.read(lambda rows: [rows.numbers.get(each) for each in (_PHONE, _NOWHERE)])
        assert [each.account if each else each for each in known] == [_OLD_FORM, None]
        assert await check.ask(MAIN, [_PHONE, _NOWHERE]) == {}
        assert shop.messenger.requests_for_numbers == 1

    in_shop(story)


@pytest.mark.requirement("K2")
def test_ask_that_failed_lets_a_waiting_message_ask_for_itself() -> None:
    async def story(shop: Shop) -> None:
        check, find, fails = shop.core.messages.number_check, shop.messenger.find_numbers, [True]

        async def failing_once(session_id: SessionId, customers: Any) -> Any:
            await let_tasks_run()
            if fails:
                fails.pop()
                raise NotConnectedError
            return await find(session_id, customers)

        shop.messenger.find_numbers = failing_once  # type: ignore[method-assign]
        shop.messenger.answers[_PHONE] = _OLD_FORM
        asked, found = await asyncio.gather(
            check.ask(MAIN, [_PHONE]), check.account_of(MAIN, _PHONE), return_exceptions=True
        )
        assert isinstance(asked, NotConnectedError)
        assert found == _OLD_FORM

    in_shop(story)
