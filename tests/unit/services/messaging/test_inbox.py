"""Inbox: a reply is stored once, at its customer's newest order, and answered there."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.domain.customer_reply import CustomerReply
from app.domain.errors import OptedOutError, TemplateEmptyError, UnknownOrderError
from app.domain.events import Event, RepliesRead, ReplyArrived
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.order import NotificationType, Order
from app.domain.restriction import Restriction, RestrictionKind
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, say
from tests.harness.shop import MAIN, Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("C4")


async def written(shop: Shop, order: Order) -> Sequence[CustomerReply]:
    return (await shop.core.inbox.exchange(order.id)).replies


def happened(shop: Shop, kind: type[Event]) -> list[Event]:
    return [event for event in shop.events if isinstance(event, kind)]


def test_reply_belongs_to_its_writers_newest_order_in_either_number_form() -> None:
    async def story(shop: Shop) -> None:
        orders = [shop.order(1), shop.order(2), shop.order(3, phone=RUI.number)]
        for order in orders:
            await shop.see(order)
            await shop.pass_time(minutes=1)
        await say(shop, "posso pegar em 10 min?", ANA_BEFORE_2016)
        assert [len(await written(shop, order)) for order in orders] == [0, 1, 0]
        (reply,) = await written(shop, orders[1])
        assert (reply.text, reply.kind, reply.live) == ("posso pegar em 10 min?", "text", True)

    in_shop(story)


def test_an_order_that_nothing_was_told_about_is_found_as_well() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1))
        await shop.pass_time(minutes=1)
        unpaid = replace(shop.order(2, status="pending_payment"), payment_status=None)
        await shop.see(unpaid)
        await say(shop, "aceita pix?")
        assert len(await written(shop, unpaid)) == 1

    in_shop(story)


def test_the_order_of_a_hidden_number_is_found_by_its_account() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        at = shop.clock.now()
        await shop.store.transact(lambda rows: rows.identities.connect(ANA, Lid("77@lid"), at))
        await say(shop, "oi", None, lid="77@lid")
        await say(shop, "quem sou eu?", None, lid="99@lid")
        assert [reply.phone for reply in await written(shop, order)] == [ANA]
        arrived = [event for event in shop.events if isinstance(event, ReplyArrived)]
        assert [event.reply.order_id for event in arrived] == [order.id, None]

    in_shop(story)


def test_the_same_message_again_is_kept_and_told_once() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        for live in (True, False, False):
            await say(shop, "oi", message_id="3A1", live=live)
        assert len(await written(shop, order)) == len(happened(shop, ReplyArrived)) == 1

    in_shop(story)


def test_what_could_not_be_read_is_told_again_once_it_can_be() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        named, at = MessageId("3A1"), shop.clock.now()
        await shop.messenger.emit(Inbound(MAIN, named, ANA, "unreadable", None, at, live=True))
        assert [reply.kind for reply in await written(shop, order)] == ["unreadable"]
        await say(shop, "sem granola", message_id="3A1")
        await shop.messenger.emit(Inbound(MAIN, named, ANA, "unreadable", None, at, live=False))
        assert [reply.text for reply in await written(shop, order)] == ["sem granola"]
        assert len(happened(shop, ReplyArrived)) == 2

    in_shop(story)


def test_unread_ones_are_counted_until_the_counter_has_seen_them() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        await say(shop, "oi")
        await say(shop, "tudo bem?")
        assert (await shop.core.inbox.exchange(order.id)).unread == 2
        assert [await shop.core.inbox.mark_read(order.id) for _ in range(2)] == [2, 0]
        assert (await shop.core.inbox.exchange(order.id)).unread == 0
        assert happened(shop, RepliesRead) == [RepliesRead(order.id)]

    in_shop(story)


def test_an_answer_goes_to_the_number_that_wrote_each_time_anew() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        await say(shop, "posso trocar a calda?", ANA_BEFORE_2016)
        for text in ("Pode sim!", "Pode sim!"):
            assert (await shop.core.inbox.answer(order.id, f" {text} ")).success
        await let_tasks_run()
        assert [send.text for send in shop.messenger.sends[1:]] == ["Pode sim!", "Pode sim!"]
        told = await shop.core.board.notifications([order.id])
        answers = [row for row in told if row.type is NotificationType.REPLY]
        assert [(row.phone, row.state) for row in answers] == [(ANA_BEFORE_2016, State.SENT)] * 2

    in_shop(story)


def test_an_answer_outlives_the_orders_changes_and_its_end() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
        order = shop.order(1)
        await shop.see(order)
        assert (await shop.core.inbox.answer(order.id, "Cancelei o pedido.")).success
        await shop.see(replace(order, customer_name="Joana"))
        await shop.see(advanced(order, "cancelled"))
        told = await shop.core.board.notifications([order.id])
        assert [(row.type, row.state) for row in told] == [
            (NotificationType.PAYMENT_CONFIRMED, State.CANCELLED),
            (NotificationType.REPLY, State.PENDING),
        ]

    in_shop(story)


def test_what_cannot_be_answered_is_refused_and_nothing_is_queued() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        answer = shop.core.inbox.answer
        assert (await answer(order.id, "  ")).error == TemplateEmptyError.code
        assert (await answer(OrderId("none"), "Oi")).error == UnknownOrderError.code
        await say(shop, "PARAR")
        assert (await answer(order.id, "Tudo bem.")).error == OptedOutError.code
        told = await shop.core.board.notifications([order.id])
        assert [row.type for row in told] == [NotificationType.PAYMENT_CONFIRMED]
        assert [reply.text for reply in await written(shop, order)] == ["PARAR"]

    in_shop(story)


@pytest.mark.requirement("X2")
def test_writer_from_a_known_hidden_number_is_no_stranger() -> None:
    async def story(shop: Shop) -> None:
        at = shop.clock.now()
        await shop.store.transact(lambda rows: rows.identities.connect(ANA, Lid("77@lid"), at))
        await shop.messenger.listener.restricted(MAIN, Restriction(RestrictionKind.TIME_LOCK, active=True))
        await shop.see(order := shop.order(7))
        assert (await shop.message(order)).state is State.PENDING
        await say(shop, "oi, cadê o meu pedido?", None, lid="77@lid")
        assert (await shop.message(order)).state is State.SENT

    in_shop(story)
