"""Order claims: a customer who writes first gets their own order, and no other."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.attempt import Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.consent import Consent, ConsentWay
from app.domain.errors import UnknownOrderError, UnknownReplyError
from app.domain.events import OrderChanged, ReplyArrived
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Lid
from app.domain.notification import State, Suppression
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.ports.inbound import Inbound
from app.ports.store import Rows
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, say
from tests.harness.greeted_shop import JID, consents, order_now, phoneless, replies, to
from tests.harness.shop import MAIN, Shop, advanced, in_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run


@pytest.mark.requirement("C4")
def test_order_without_a_number_gets_the_writers_and_tells_its_stage_once() -> None:
    async def story(shop: Shop) -> None:
        order = phoneless(shop)
        await shop.see(order)
        first = await shop.message(order)
        assert (first.state, first.reason) == (State.SUPPRESSED, Suppression.INVALID_PHONE)
        for _ in range(2):
            await say(shop, claim_text(7), ANA_BEFORE_2016, jid=JID, message_id="3A1")
        told = await shop.message(order)
        assert (told.state, told.phone, told.message_id) == (State.SENT, ANA_BEFORE_2016, first.message_id)
        assert to(shop) == [JID]
        assert (await order_now(shop, order)).customer_phone == ANA_BEFORE_2016.number
        assert await replies(shop, order) == [claim_text(7)]
        assert [event.order.customer_phone for event in shop.events if isinstance(event, OrderChanged)][
            -1
        ] != ""
        assert sum(isinstance(event, ReplyArrived) for event in shop.events) == 1

    in_shop(story)


@pytest.mark.requirement("X3")
def test_consent_is_kept_with_its_words_time_way_and_the_number_it_went_to() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7), message_id="3A1")
        await say(shop, "quero acompanhar o pedido nº 07 💜", message_id="3A2")
        at = shop.clock.now()
        scanned = Consent(MessageId("3A1"), MAIN, ANA, ConsentWay.SCANNED, claim_text(7), at, order.id)
        typed = replace(
            scanned,
            message_id=MessageId("3A2"),
            way=ConsentWay.WRITTEN,
            wording="quero acompanhar o pedido nº 07 💜",
        )
        assert await consents(shop, order) == [scanned, typed]

    in_shop(story)


@pytest.mark.requirement("P2")
def test_writers_account_is_the_numbers_in_either_form_with_its_hidden_id() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="pending_payment"))
        await say(shop, claim_text(7), ANA_BEFORE_2016, jid=JID, lid="77@lid")
        await say(shop, claim_text(7), ANA_BEFORE_2016, jid=JID)
        for phone in (ANA, ANA_BEFORE_2016):
            known = await shop.store.read(partial(_known, phone=phone))
            assert known == KnownNumber(phone, WhatsAppAccount(JID, "77@lid"), shop.clock.now())
        await shop.see(advanced(order, "ready"))
        assert to(shop) == [JID]
        assert (await order_now(shop, order)).customer_phone == ANA.number

    in_shop(story)


def test_a_customer_whose_number_whatsapp_hides_is_known_by_the_account() -> None:
    async def story(shop: Shop) -> None:
        known, at = KnownNumber(ANA, WhatsAppAccount(JID, "77@lid"), shop.clock.now()), shop.clock.now()
        await shop.store.transact(lambda rows: rows.numbers.save(known))
        await shop.store.transact(lambda rows: rows.identities.connect(ANA, Lid("77@lid"), at))
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7), None, lid="77@lid", jid="77@lid")
        assert (await shop.message(order)).state is State.SENT
        assert to(shop) == [JID]

    in_shop(story)


def test_claims_of_many_numbers_are_refused_until_a_person_gives_the_order() -> None:
    async def story(shop: Shop) -> None:
        orders = [phoneless(shop, number) for number in range(1, 8)]
        for order in orders:
            await shop.see(order)
            await say(shop, claim_text(order.number), RUI)
        owners = [(await order_now(shop, order)).customer_phone for order in orders]
        assert owners == [RUI.number] * 5 + [""] * 2
        exchange = await shop.core.inbox.exchange(orders[6].id)
        (reply,) = exchange.replies
        assert exchange.is_from_another(reply)
        await shop.core.claims.use_number(orders[6].id, reply.message_id)
        assert (await order_now(shop, orders[6])).customer_phone == RUI.number

    in_shop(story)


@pytest.mark.requirement("X2")
def test_order_of_another_number_is_not_redirected_until_a_person_says_so() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(order := shop.order(7))
        await say(shop, claim_text(7), RUI, message_id="3A1")
        assert (await order_now(shop, order)).customer_phone == ANA.number
        assert await consents(shop, order) == []
        exchange = await shop.core.inbox.exchange(order.id)
        assert exchange.is_from_another(exchange.replies[0])
        assert (await shop.core.inbox.answer(order.id, "Já vai!")).success
        rows = await shop.core.board.notifications([order.id])
        assert {row.phone for row in rows} == {ANA}
        for _ in range(2):
            await shop.core.claims.use_number(order.id, MessageId("3A1"))
        assert (await order_now(shop, order)).customer_phone == RUI.number
        assert len(await consents(shop, order)) == 1
        await shop.core.queue.resume()
        await let_tasks_run()
        assert (await shop.message(order)).phone == RUI
        assert sorted(to(shop)) == sorted(f"{phone.number[1:]}@s.whatsapp.net" for phone in (ANA, RUI))

    in_shop(story)


def test_refused_message_of_the_old_number_is_a_new_message_to_the_new_one() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.RESTRICTED, 463))
        await shop.see(order := shop.order(7))
        await say(shop, claim_text(7), RUI, message_id="3A1")
        assert (await shop.message(order)).state is State.FAILED
        for _ in range(2):
            await shop.core.claims.use_number(order.id, MessageId("3A1"))
            await let_tasks_run()
        rows = await shop.core.board.notifications([order.id])
        assert [(row.phone, row.occurrence, row.state) for row in rows] == [
            (ANA, 1, State.FAILED),
            (RUI, 2, State.SENT),
        ]

    in_shop(story)


def test_order_is_given_to_no_customer_when_it_or_the_text_does_not_exist() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7))
        with pytest.raises(UnknownOrderError):
            await shop.core.claims.use_number(OrderId("none"), MessageId("3A1"))
        with pytest.raises(UnknownReplyError):
            await shop.core.claims.use_number(order.id, MessageId("3A1"))

    in_shop(story)


def test_a_number_of_no_order_is_a_reply_as_any_other() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(phoneless(shop))
        await say(shop, claim_text(8))
        (arrived,) = (event for event in shop.events if isinstance(event, ReplyArrived))
        assert (arrived.reply.order_id, arrived.reply.text) == (None, claim_text(8))

    in_shop(story)


@pytest.mark.parametrize(
    ("hours", "live", "linked"), [(23, True, True), (25, True, False), (23, False, True)]
)
def test_only_the_orders_of_the_last_day_are_meant(hours: float, live: bool, linked: bool) -> None:  # noqa: FBT001
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await shop.pass_time(hours=hours)
        await say(shop, claim_text(7), live=live)
        assert (await order_now(shop, order)).has_phone is linked
        assert to(shop) == []  # what the stage had to say is old news by now

    in_shop(story, choices=shop_choices(queue=QueuePolicy()))


def test_claim_that_waited_a_day_is_about_yesterdays_order_not_todays() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(yesterday := phoneless(shop))
        written = shop.clock.now()
        await shop.pass_time(hours=20)
        today = replace(phoneless(shop), id=OrderId("00000000-0000-0000-0000-000000000099"))
        await shop.see(today)
        late = Inbound(MAIN, MessageId("3A1"), ANA, "text", claim_text(7), written, live=False)
        await shop.messenger.emit(late)
        assert (await order_now(shop, yesterday)).has_phone
        assert not (await order_now(shop, today)).has_phone

    in_shop(story)


def test_a_day_is_a_day_whatever_clock_is_wrong() -> None:
    """WhatsApp's time is an hour behind this PC's: a text that comes at once is still about the order just made."""

    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        behind = shop.clock.now() - timedelta(hours=1)
        await shop.messenger.emit(
            Inbound(MAIN, MessageId("1"), ANA, "text", claim_text(7), behind, live=False)
        )
        assert (await order_now(shop, order)).has_phone

    in_shop(story)


def _known(rows: Rows, phone: Phone) -> KnownNumber | None:
    return rows.numbers.get(phone)
