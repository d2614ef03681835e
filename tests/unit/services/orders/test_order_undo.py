"""Undo of a step and steps back: message and status together."""

from datetime import timedelta

import pytest

from app.domain.errors import AlreadySentError, NotAllowedNowError, OrderMovedError, UnknownOrderError
from app.domain.events import OrderStepTaken
from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.domain.order import STAGES, Order
from app.domain.order_step import OrderStep
from tests.harness.shop import Shop, in_shop

_, PREPARING, READY = STAGES
FIVE = timedelta(seconds=5)


def steps(shop: Shop) -> list[OrderStep]:
    return [event.step for event in shop.events if isinstance(event, OrderStepTaken)]


async def status(shop: Shop, order: Order) -> str:
    kept = await shop.store.read(lambda rows: rows.orders.get(order.id))
    assert kept is not None
    return kept.status


async def states(shop: Shop, order: Order) -> list[State]:
    rows = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
    return [row.state for row in rows]


@pytest.mark.requirement("Q7")
def test_undo_restores_the_status_and_cancels_the_message() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, status="in_preparation"))
        await shop.core.orders.advance(order.id, "ready")
        (step,) = steps(shop)
        assert (step.before, step.after, step.message_type) == ("in_preparation", "ready", READY)
        await shop.core.orders.undo(step)
        assert await status(shop, order) == "in_preparation"
        assert (await shop.message(order, READY)).state is State.CANCELLED
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.sends) == 1

    in_shop(story, undo_window=FIVE)


@pytest.mark.requirement("Q7")
def test_two_steps_and_two_undos_leave_the_order_as_it_was() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, status="in_preparation"))
        before = await states(shop, order)
        await shop.core.orders.advance(order.id, "ready")
        await shop.core.orders.advance(order.id, "completed")
        for step in reversed(steps(shop)):
            await shop.core.orders.undo(step)
        assert await status(shop, order) == "in_preparation"
        assert await states(shop, order) == [*before, State.CANCELLED]

    in_shop(story, undo_window=FIVE)


@pytest.mark.requirement("Q7", "A2")
def test_a_step_taken_again_after_its_undo_tells_the_customer_once() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, status="in_preparation"))
        await shop.core.orders.advance(order.id, "ready")
        await shop.core.orders.undo(steps(shop)[0])
        await shop.core.orders.advance(order.id, "ready")
        await shop.pass_time(minutes=1)
        assert (await shop.message(order, READY)).state is State.SENT
        assert len(shop.messenger.sends) == 2

    in_shop(story, undo_window=FIVE)


@pytest.mark.requirement("Q7", "A3")
def test_undo_returns_the_superseded_message_to_the_queue() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(order := shop.order(1, status="in_preparation"))
        await shop.core.orders.advance(order.id, "ready")
        assert (await shop.message(order, PREPARING)).state is State.SUPPRESSED
        await shop.core.orders.undo(steps(shop)[0])
        assert (await shop.message(order, PREPARING)).state is State.PENDING
        await shop.core.queue.resume()
        await shop.pass_time(minutes=1)
        assert (await shop.message(order, PREPARING)).state is State.SENT

    in_shop(story, undo_window=FIVE)


@pytest.mark.requirement("Q7")
def test_undo_is_refused_and_changes_nothing_when_the_message_has_left() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, status="in_preparation"))
        await shop.core.orders.advance(order.id, "ready")
        await shop.pass_time(seconds=5)
        with pytest.raises(AlreadySentError):
            await shop.core.orders.undo(steps(shop)[0])
        assert await status(shop, order) == "ready"

    in_shop(story, undo_window=FIVE)


@pytest.mark.requirement("Q7")
def test_undo_is_refused_when_another_person_moved_the_order() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, status="in_preparation"))
        await shop.core.orders.advance(order.id, "ready")
        await shop.core.orders.advance(order.id, "completed")
        with pytest.raises(OrderMovedError):
            await shop.core.orders.undo(steps(shop)[0])
        assert await status(shop, order) == "completed"
        assert (await shop.message(order, READY)).state is State.PENDING

    in_shop(story, undo_window=FIVE)


@pytest.mark.requirement("C9")
@pytest.mark.parametrize(
    ("now", "before"), [("completed", "ready"), ("ready", "in_preparation"), ("in_preparation", "paid")]
)
def test_step_back_moves_the_order_one_stage_back(now: str, before: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, status=now))
        await shop.core.orders.step_back(order.id)
        assert await status(shop, order) == before
        sends = len(shop.messenger.sends)
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.sends) == sends

    in_shop(story)


@pytest.mark.requirement("C9")
def test_step_back_cancels_the_message_that_waits() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(order := shop.order(1, status="ready"))
        await shop.core.orders.step_back(order.id)
        assert (await shop.message(order, READY)).state is State.CANCELLED

    in_shop(story)


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("now", ["paid", "cancelled", "odd"])
def test_step_back_is_refused_where_no_stage_can_be_taken_back(now: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(1, status=now))
        with pytest.raises(NotAllowedNowError):
            await shop.core.orders.step_back(order.id)
        with pytest.raises(UnknownOrderError):
            await shop.core.orders.step_back(OrderId("none"))
        assert await status(shop, order) == now

    in_shop(story)
