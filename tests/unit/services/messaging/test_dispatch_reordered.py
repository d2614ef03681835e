"""Dispatch of a message whose lookup joins its customer with another identity."""

from typing import Any

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.notification import State
from tests.harness.customer_words import ANA, first_words, say
from tests.harness.greeted_shop import JID, phoneless, to
from tests.harness.hidden_customers import FOUND, HIDDEN, UNASKED
from tests.harness.shop import Shop, in_shop

pytestmark = pytest.mark.requirement("K1", "K2", "Q2")


def answer_the_second_lookup(shop: Shop) -> None:
    """Let the lookup at the order's arrival have no answer, so that the message's own brings the account."""
    find = shop.messenger.find_numbers

    async def second(session_id: Any, customers: Any) -> Any:
        answers = await find(session_id, customers)
        shop.messenger.answers[ANA] = FOUND
        return answers

    shop.messenger.answers[ANA] = UNASKED
    shop.messenger.find_numbers = second  # type: ignore[method-assign]


async def owe_the_hidden_customer(shop: Shop) -> None:
    """Leave a message to the LID waiting for its next attempt."""
    await shop.see(phoneless(shop))
    shop.messenger.outcomes.append(Rejected(RejectionKind.TRANSIENT))
    await say(shop, claim_text(7), None, lid=HIDDEN.text, jid=HIDDEN.text)
    assert to(shop) == [HIDDEN.text]


def test_dispatch_sends_the_older_message_first_after_a_join() -> None:
    async def story(shop: Shop) -> None:
        await owe_the_hidden_customer(shop)
        answer_the_second_lookup(shop)
        await shop.see(order := shop.order(8))
        assert to(shop) == [HIDDEN.text]
        assert (await shop.message(order)).state is State.PENDING
        await shop.pass_time(minutes=5)
        assert to(shop) == [HIDDEN.text, HIDDEN.text, JID]
        told = await shop.message(order)
        assert (told.state, told.attempts) == (State.SENT, 1)

    in_shop(story)


@pytest.mark.requirement("X1")
def test_dispatch_sends_nothing_after_a_join_with_an_opt_out() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", None, lid=HIDDEN.text)
        answer_the_second_lookup(shop)
        await shop.see(order := shop.order(8))
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Pronto"]
        assert (await shop.message(order)).state is State.SUPPRESSED

    in_shop(story)


def test_dispatch_sends_at_once_when_the_lookup_joins_no_older_message() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", None, lid=HIDDEN.text)
        answer_the_second_lookup(shop)
        await shop.see(order := shop.order(8))
        await shop.pass_time(seconds=10)
        assert to(shop) == [JID]
        assert (await shop.message(order)).attempts == 1

    in_shop(story)
