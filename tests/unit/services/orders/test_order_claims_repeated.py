"""Order claims of orders already announced, advanced, or given to another customer."""

from dataclasses import replace

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.contact import Contact
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import State
from app.services.messaging.records import NotificationRequest
from tests.harness.customer_words import ANA, RUI, say
from tests.harness.greeted_shop import PREPARING, order_now, phoneless, replies
from tests.harness.shop import MAIN, Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run


@pytest.mark.requirement("A3")
def test_claim_repeats_no_refused_earlier_stage_when_ready_is_known() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.RESTRICTED, 463))
        await shop.see(order := shop.order(7, status="in_preparation"))
        await shop.see(advanced(order, "ready"))
        await shop.see(order)
        sent = len(shop.messenger.sends)
        await say(shop, claim_text(7))
        assert (await shop.message(order, PREPARING)).state is State.FAILED
        assert len(shop.messenger.sends) == sent

    in_shop(story)


def test_an_order_keeps_the_number_a_person_gave_it_last() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7), ANA, message_id="3A1")
        await say(shop, claim_text(7), RUI, message_id="3A2")
        await shop.core.claims.use_number(order.id, MessageId("3A2"))
        await shop.core.claims.use_number(order.id, MessageId("3A1"))
        await shop.see(advanced(order, "in_preparation"))
        assert (await order_now(shop, order)).customer_phone == ANA.number
        assert (await shop.message(order, PREPARING)).phone == ANA

    in_shop(story)


@pytest.mark.requirement("Q9")
def test_customer_of_a_number_the_shop_gave_up_is_told_by_one_it_has() -> None:
    async def story(shop: Shop) -> None:
        given_up = Contact(SessionId("given-up"), first_inbound_at=shop.clock.now())
        await shop.store.transact(lambda rows: rows.contacts.save(ANA, given_up))
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7))
        told = await shop.message(order)
        assert (told.session_id, told.state) == (MAIN, State.SENT)

    in_shop(story)


def test_claim_adds_no_second_message_when_a_resend_is_already_queued() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([Rejected(RejectionKind.RESTRICTED, 463)] * 2)
        await shop.see(order := shop.order(7, phone=RUI.number))
        first = await shop.message(order)
        again = await shop.core.messages.resend(NotificationRequest(order.id, first.type))
        await let_tasks_run()
        await shop.core.queue.pause()
        await shop.core.queue.retry(first.id)
        await shop.see(replace(order, customer_phone=ANA.number))
        await say(shop, claim_text(7))
        assert await replies(shop, order) == [claim_text(7)]
        rows = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
        told = [(row.state, row.phone) for row in rows]
        assert told == [(State.CANCELLED, RUI), (State.FAILED, RUI), (State.PENDING, ANA)]
        assert again.success

    in_shop(story)
