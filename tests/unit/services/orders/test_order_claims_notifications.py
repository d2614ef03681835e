"""Order claims: a customer who has written is a contact and gets due messages once."""

import asyncio
from dataclasses import replace

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.contact import Contact
from app.domain.events import OrderChanged, ReplyArrived
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import State, Suppression
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.rate_limit import RateLimitPolicy
from app.ports.inbound import Inbound
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, say
from tests.harness.greeted_shop import JID, PREPARING, consents, order_now, phoneless, replies, to
from tests.harness.shop import MAIN, Shop, advanced, in_shop, open_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger


@pytest.mark.requirement("X1")
def test_who_opted_out_stays_so_and_the_order_shows_it() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, "PARAR")
        confirmed = len(shop.messenger.sends)
        await say(shop, claim_text(7))
        message = await shop.message(order)
        assert (message.state, message.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
        await shop.see(advanced(await order_now(shop, order), "in_preparation"))
        assert (await shop.message(order, PREPARING)).reason == Suppression.OPTED_OUT
        assert len(shop.messenger.sends) == confirmed
        detail = await shop.core.board.detail(order.id)
        assert detail
        assert detail.opted_out
        assert await shop.store.read(lambda rows: rows.opt_outs.in_force(ANA)) is not None

    in_shop(story)


@pytest.mark.requirement("X2")
def test_what_the_cap_on_strangers_held_goes_at_once_and_is_not_counted() -> None:
    async def story(shop: Shop) -> None:
        for number in (1, 2):
            await shop.see(shop.order(number, phone=f"+557399900000{number}"))
            await shop.pass_time(minutes=1)
        held = await shop.message(shop.order(2))
        assert held.state is State.PENDING
        await say(shop, claim_text(2), Phone("+5573999000002"))
        assert (await shop.message(shop.order(2))).state is State.SENT
        (gauge,) = shop.core.rate_limiters.statuses()
        assert gauge.cold_today == 1

    in_shop(story, choices=shop_choices(RateLimitPolicy(warm_up=(1, 1, 1, 1))))


@pytest.mark.requirement("X2")
def test_refused_first_contact_is_told_under_its_own_id_once_they_write() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.RESTRICTED, 463))
        await shop.see(order := shop.order(7))
        refused = await shop.message(order)
        assert refused.state is State.FAILED
        await say(shop, claim_text(7), ANA_BEFORE_2016, jid=JID)
        told = await shop.message(order)
        assert (told.state, told.message_id, told.occurrence) == (State.SENT, refused.message_id, 1)
        assert len(shop.messenger.sends) == 2

    in_shop(story)


@pytest.mark.parametrize("reason", [None, RejectionKind.REFUSED])
def test_what_was_told_or_refused_for_another_reason_is_left_as_it_is(reason: RejectionKind | None) -> None:
    async def story(shop: Shop) -> None:
        if reason:
            shop.messenger.outcomes.append(Rejected(reason))
        await shop.see(order := shop.order(7))
        before = await shop.message(order)
        await say(shop, claim_text(7))
        assert await shop.message(order) == before
        assert len(shop.messenger.sends) == 1

    in_shop(story)


def test_of_an_order_that_is_over_nothing_wakes() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await shop.see(advanced(order, "cancelled"))
        await say(shop, claim_text(7))
        assert (await order_now(shop, order)).customer_phone == ANA.number
        assert to(shop) == []

    in_shop(story)


def test_a_stage_the_shop_announces_no_more_stays_unsaid() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        template = shop.core.templates.get_template(NotificationType.PAYMENT_CONFIRMED)
        await shop.core.templates.update_template(replace(template, is_active=False))
        await say(shop, claim_text(7))
        assert (await shop.message(order)).state is State.SUPPRESSED

    in_shop(story)


@pytest.mark.requirement("Q9")
def test_the_customer_is_told_by_the_number_they_chose_to_write_to() -> None:
    second = SessionId("second")

    async def story(shop: Shop) -> None:
        await shop.store.transact(lambda rows: rows.contacts.save(ANA, Contact(second)))
        await shop.see(order := shop.order(7))
        assert (await shop.message(order)).session_id == second
        await say(shop, claim_text(7), ANA_BEFORE_2016)
        told = await shop.message(order)
        assert (told.session_id, told.state) == (MAIN, State.SENT)

    in_shop(story, choices=shop_choices(more_sessions=(second,)))


def test_a_source_that_knows_no_number_does_not_take_the_customers_away() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7))
        await shop.see(advanced(order, "in_preparation"))
        assert (await order_now(shop, order)).customer_phone == ANA.number
        assert (await shop.message(order, PREPARING)).state is State.SENT
        assert shop.events[-1] != OrderChanged(order)

    in_shop(story)


def test_what_could_not_be_read_at_first_is_a_greeting_once_it_can_be() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        garbled = Inbound(MAIN, MessageId("3A1"), ANA, "unreadable", None, shop.clock.now(), live=True)
        await shop.messenger.emit(garbled)
        await say(shop, claim_text(7), message_id="3A1")
        assert (await shop.message(order)).state is State.SENT
        assert await replies(shop, order) == [claim_text(7)]

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_claim_is_idempotent_when_the_process_dies_after_the_commit() -> None:
    async def day() -> None:
        def closed(messenger: ScriptedMessenger) -> None:
            messenger.opens = False

        async with open_shop(prepare=closed) as shop:
            await shop.see(order := phoneless(shop))
            await say(shop, claim_text(7), message_id="3A1")
            died, clock = shop.store.copy(), shop.clock  # type: ignore[attr-defined]
        async with open_shop(store=died, clock=clock, seed=1) as again:
            await again.pass_time(seconds=5)
            await say(again, claim_text(7), message_id="3A1", live=False)
            assert len(again.messenger.sends) == 1
            assert len(await consents(again, order)) == 1
            assert await replies(again, order) == [claim_text(7)]
            assert not any(isinstance(event, ReplyArrived) for event in again.events)

    asyncio.run(day())


def test_number_that_opted_out_and_is_given_an_order_is_still_told_nothing() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.RESTRICTED, 463))
        await shop.see(order := shop.order(7))
        await say(shop, "PARAR", RUI)
        sent = len(shop.messenger.sends)
        await say(shop, claim_text(7), RUI, message_id="3A1")
        await shop.core.claims.use_number(order.id, MessageId("3A1"))
        await let_tasks_run()
        assert (await order_now(shop, order)).customer_phone == RUI.number
        assert len(shop.messenger.sends) == sent

    in_shop(story)


def test_a_plain_reply_from_an_older_number_may_be_used_and_is_no_consent() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, phone=RUI.number))
        await shop.see(replace(order, customer_phone=ANA.number))
        await say(shop, "é este aqui o meu número", RUI, message_id="3A1")
        assert await replies(shop, order) == ["é este aqui o meu número"]
        await shop.core.claims.use_number(order.id, MessageId("3A1"))
        assert (await order_now(shop, order)).customer_phone == RUI.number
        assert await consents(shop, order) == []

    in_shop(story)
