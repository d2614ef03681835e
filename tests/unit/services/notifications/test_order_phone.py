"""Order phone: a number that WhatsApp named works in every spelling, to send, reply and opt out."""

import pytest

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.domain.attempt import Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.errors import InvalidPhoneError
from app.domain.notification import State, Suppression
from app.domain.order import NotificationType
from app.domain.phone import Phone, customer_forms
from app.services.notifications.order_phone import phone_of_order
from tests.corpus import Case, read_cases
from tests.harness.customer_words import say
from tests.harness.greeted_shop import order_now, phoneless
from tests.harness.shop import Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run

pytestmark = [pytest.mark.requirement("K2"), pytest.mark.requirement("P1")]

NAMED = read_cases("spellings")
TYPED = TypedNumbers(lambda: "73")
each_named = pytest.mark.parametrize("case", NAMED, ids=[case.why for case in NAMED])
TWO_SPELLINGS = [
    ("+52 55 1234 5678", "+5215512345678"),
    ("+52 1 55 1234 5678", "+525512345678"),
    ("+54 11 2345-6789", "+5491123456789"),
    ("+54 9 11 2345-6789", "+541123456789"),
    ("(73) 99954-8537", "+557399548537"),
    ("73 9954-8537", "+5573999548537"),
]
each_pair = pytest.mark.parametrize(("typed", "writes_from"), TWO_SPELLINGS)
READY = NotificationType.READY


@each_named
def test_customer_is_told_and_answered_when_whatsapp_named_the_number(case: Case) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7), Phone(case.given), jid=f"{case.given[1:]}@s.whatsapp.net")
        told = await shop.message(order)
        assert (told.state, told.phone in customer_forms(Phone(case.given))) == (State.SENT, True)
        assert shop.messenger.sends[-1].jid == f"{case.given[1:]}@s.whatsapp.net"
        await shop.see(advanced(await order_now(shop, order), "ready"))
        assert (await shop.message(order, READY)).state is State.SENT
        answer = await shop.core.inbox.answer(order.id, "ok")
        assert (answer.success, answer.error) == (True, None)
        detail = await shop.core.board.detail(order.id)
        assert detail
        assert detail.phone in customer_forms(Phone(case.given))

    in_shop(story, phone_numbers=TYPED)


@each_named
@pytest.mark.requirement("X1")
def test_customer_is_obeyed_when_whatsapp_named_the_number(case: Case) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7), Phone(case.given))
        await say(shop, "PARAR", Phone(case.given))
        await shop.see(advanced(await order_now(shop, order), "ready"))
        ready = await shop.message(order, READY)
        assert (ready.state, ready.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
        await say(shop, "VOLTAR", Phone(case.given))
        for form in customer_forms(Phone(case.given)):
            assert await shop.store.read(lambda rows, at=form: rows.opt_outs.in_force(at)) is None  # type: ignore[misc]

    in_shop(story, phone_numbers=TYPED)


@each_named
def test_named_number_is_understood_when_it_is_typed(case: Case) -> None:
    assert TYPED.parse(case.given) in customer_forms(Phone(case.given))


@each_pair
@pytest.mark.requirement("C4")
def test_reply_belongs_to_its_order_when_the_account_is_spelt_otherwise(typed: str, writes_from: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, phone=typed))
        assert (await shop.message(order)).state is State.SENT
        await say(shop, "já estou chegando", Phone(writes_from))
        exchange = await shop.core.inbox.exchange(order.id)
        assert [reply.text for reply in exchange.replies] == ["já estou chegando"]
        assert not exchange.is_from_another(exchange.replies[0])
        await shop.core.inbox.answer(order.id, "ok")
        await let_tasks_run()
        assert shop.messenger.sends[-1].jid == f"{writes_from[1:]}@s.whatsapp.net"

    in_shop(story, phone_numbers=TYPED)


@each_pair
@pytest.mark.requirement("X1")
def test_waiting_message_is_cancelled_when_parar_is_spelt_otherwise(typed: str, writes_from: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(order := shop.order(1, phone=typed))
        await say(shop, "PARAR", Phone(writes_from))
        waiting = await shop.message(order)
        assert (waiting.state, waiting.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)

    in_shop(story, phone_numbers=TYPED)


@each_pair
def test_whatsapp_is_asked_for_both_spellings_when_a_number_is_typed(typed: str, writes_from: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1, phone=typed))
        (asked,) = shop.messenger.asked_numbers
        assert asked[0] == TYPED.parse(typed)
        assert set(asked) == set(customer_forms(Phone(writes_from)))

    in_shop(story, phone_numbers=TYPED)


@pytest.mark.parametrize("number", ["+99912345678", "+5540041234"])
def test_customer_is_told_when_no_rule_understands_the_named_number(number: str) -> None:
    """A country that the library does not know, and digits that typed by hand would mean another number."""

    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7), Phone(number))
        told = await shop.message(order)
        assert (told.state, told.phone) == (State.SENT, Phone(number))

    in_shop(story, phone_numbers=TYPED)


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize("number", ["+99912345678", "+5540041234"])
def test_retry_goes_to_the_named_number_when_no_rule_understands_it(number: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 400))
        await say(shop, claim_text(7), Phone(number))
        failed = await shop.message(order)
        assert failed.state is State.FAILED
        assert (await shop.core.queue.retry(failed.id)).id == failed.id
        await let_tasks_run()
        told = await shop.message(order)
        assert (told.state, told.phone) == (State.SENT, Phone(number))

    in_shop(story, phone_numbers=TYPED)


def test_order_phone_is_judged_when_nothing_was_named() -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(InvalidPhoneError):
            phone_of_order(TYPED, shop.order(1, phone="73 9954"))

    in_shop(story)
