"""Acts that end an order's being untold, from each reason."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.errors import (
    CocoLokoError,
    InvalidPhoneError,
    NotAllowedNowError,
    OptedOutError,
    UnknownNotificationError,
    UnknownOrderError,
)
from app.domain.identifiers import OrderId
from app.domain.notification import HandOver, Notification, State, Suppression
from app.domain.order import STAGES, Order
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.services.orders.board_row import BoardRow
from tests.harness.customer_words import ANA, say
from tests.harness.shop import Shop, in_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run

_, PREPARING, READY = STAGES
RIGHT = Phone("+5573988887777")
REFUSED = Rejected(RejectionKind.REFUSED, 479)
Story = Callable[[Shop, Order], Awaitable[None]]


async def row_of(shop: Shop, order: Order) -> BoardRow:
    (row,) = await shop.core.board.rows([order.id])
    return row


async def present(shop: Shop, order: Order) -> Notification:
    row = await row_of(shop, order)
    assert row.present is not None
    return row.present.notification


def in_untold_shop(reason: str, story: Story) -> None:
    """Run the story with a ready order whose customer was not told for this reason."""

    async def run(shop: Shop) -> None:
        order = shop.order(
            7, phone="7" if reason == Suppression.INVALID_PHONE else ANA.number, status="ready"
        )
        outcomes: dict[str, Outcome] = {"failed": REFUSED, "in_doubt": InDoubt("ack_timeout")}
        shop.messenger.outcomes.extend([outcomes[reason]] if reason in outcomes else [])
        if reason == Suppression.NOT_ON_WHATSAPP:
            shop.messenger.answers[ANA] = None
        if reason == Suppression.STALE:
            order = replace(order, stage_at=shop.clock.now() - timedelta(hours=1))
        if reason == "cancelled":
            await shop.core.queue.pause()
        await shop.see(order)
        await shop.pass_time(seconds=1)
        if reason == "cancelled":
            await shop.core.queue.cancel((await shop.message(order, READY)).id)
            await shop.core.queue.resume()
        assert (await row_of(shop, order)).untold, reason
        await story(shop, order)

    in_shop(run, choices=shop_choices(queue=QueuePolicy(repeats_doubts=False)))


NUMBERLESS = (Suppression.NOT_ON_WHATSAPP, Suppression.INVALID_PHONE)
UNTOLD = ["failed", "in_doubt", "cancelled", *NUMBERLESS, Suppression.STALE]


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("reason", UNTOLD)
def test_order_is_untold_no_more_once_its_customer_was_told_in_person(reason: str) -> None:
    async def story(shop: Shop, order: Order) -> None:
        sends = len(shop.messenger.sends)
        await shop.core.telling.mark_told(order.id)
        told = await present(shop, order)
        assert (told.state, told.reason) == (State.HANDED_OVER, HandOver.IN_PERSON)
        assert not (await row_of(shop, order)).untold
        await shop.pass_time(hours=1)
        assert len(shop.messenger.sends) == sends

    in_untold_shop(reason, story)


@pytest.mark.requirement("C7")
@pytest.mark.parametrize("reason", [each for each in UNTOLD if each != Suppression.INVALID_PHONE])
def test_hand_over_returns_text_and_link_and_the_queue_never_repeats_it(reason: str) -> None:
    async def story(shop: Shop, order: Order) -> None:
        sends = len(shop.messenger.sends)
        handed = await shop.core.telling.hand_over(order.id)
        assert handed.link.startswith(f"https://wa.me/{ANA.number[1:]}?text=Oi%2C%20Jo%C3%A3o")
        assert "pronto" in handed.text
        told = await present(shop, order)
        assert (told.state, told.reason) == (State.HANDED_OVER, HandOver.BY_LINK)
        await shop.core.queue.retry_failed_notifications()
        await shop.pass_time(hours=1)
        assert len(shop.messenger.sends) == sends

    in_untold_shop(reason, story)


@pytest.mark.requirement("C7", "A3")
def test_hand_over_of_a_waiting_message_supersedes_earlier_stages() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(order := shop.order(7, status="in_preparation"))
        await shop.see(replace(order, status="ready"))
        await shop.core.telling.hand_over(order.id)
        await shop.core.queue.resume()
        await shop.pass_time(minutes=1)
        assert shop.messenger.sends == []
        assert (await shop.message(order, PREPARING)).reason == Suppression.SUPERSEDED

    in_shop(story)


@pytest.mark.requirement("C7", "X1")
def test_hand_over_is_refused_after_an_opt_out_mark_told_is_not() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", ANA)
        await shop.see(order := shop.order(7, status="ready"))
        row = await row_of(shop, order)
        assert (row.untold, row.can_retry) == (True, False)
        with pytest.raises(OptedOutError):
            await shop.core.telling.hand_over(order.id)
        await shop.core.telling.mark_told(order.id)
        assert not (await row_of(shop, order)).untold

    in_shop(story)


@pytest.mark.requirement("C7")
def test_hand_over_needs_a_number_and_a_message_that_has_not_left() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(sent := shop.order(7, status="ready"))
        await shop.see(numberless := shop.order(8, phone="", status="ready"))
        await shop.see(unpaid := shop.order(9, status="pending_payment"))
        expected: list[tuple[OrderId, type[CocoLokoError]]] = [
            (sent.id, NotAllowedNowError),
            (numberless.id, InvalidPhoneError),
            (unpaid.id, UnknownNotificationError),
            (OrderId("none"), UnknownOrderError),
        ]
        for order_id, error in expected:
            with pytest.raises(error):
                await shop.core.telling.hand_over(order_id)

    in_shop(story)


@pytest.mark.requirement("C9", "A2")
@pytest.mark.parametrize("reason", ["failed", "cancelled", Suppression.STALE])
def test_send_again_tells_the_customer_once(reason: str) -> None:
    async def story(shop: Shop, order: Order) -> None:
        sends = len(shop.messenger.sends)
        await shop.core.telling.send_again(order.id)
        await shop.pass_time(minutes=1)
        assert (await present(shop, order)).state is State.SENT
        assert len(shop.messenger.sends) == sends + 1

    in_untold_shop(reason, story)


@pytest.mark.requirement("A2", "C7")
def test_send_again_is_refused_once_the_customer_was_told() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(sent := shop.order(7, status="ready"))
        await shop.core.queue.pause()
        await shop.see(by_hand := shop.order(8, status="ready"))
        await shop.core.telling.hand_over(by_hand.id)
        await shop.core.queue.resume()
        for order in (sent, by_hand):
            with pytest.raises(NotAllowedNowError):
                await shop.core.telling.send_again(order.id)
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.sends) == 1

    in_shop(story)


@pytest.mark.requirement("C9", "P1")
@pytest.mark.parametrize("reason", UNTOLD)
def test_corrected_phone_tells_the_customer_at_the_new_number(reason: str) -> None:
    async def story(shop: Shop, order: Order) -> None:
        await shop.core.telling.correct_phone(order.id, RIGHT.number)
        await shop.pass_time(minutes=1)
        told = await present(shop, order)
        assert (told.state, told.phone) == (State.SENT, RIGHT)
        assert shop.messenger.sends[-1].jid == f"{RIGHT.number[1:]}@s.whatsapp.net"
        assert not (await row_of(shop, order)).untold

    in_untold_shop(reason, story)


@pytest.mark.requirement("C9")
def test_corrected_phone_repeats_what_went_to_a_strangers_number() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="ready"))
        await shop.core.telling.correct_phone(order.id, RIGHT.number)
        await shop.core.telling.correct_phone(order.id, RIGHT.number)
        await let_tasks_run()
        assert [send.jid[:13] for send in shop.messenger.sends] == [ANA.number[1:], RIGHT.number[1:]]

    in_shop(story)


@pytest.mark.requirement("P1")
def test_corrected_phone_is_refused_when_it_is_no_number() -> None:
    async def story(shop: Shop, order: Order) -> None:
        with pytest.raises(InvalidPhoneError):
            await shop.core.telling.correct_phone(order.id, "7")
        assert (await row_of(shop, order)).untold

    in_untold_shop(Suppression.INVALID_PHONE, story)
