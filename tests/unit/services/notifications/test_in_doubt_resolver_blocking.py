"""In-doubt resolver: a doubt blocks its own order alone, while it can still settle itself."""

from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.identifiers import MessageId
from app.domain.notification import Notification, State, Suppression
from app.domain.order import NotificationType
from app.domain.queue_block import BlockReason
from app.domain.queue_policy import MOST_REPEATS, QueuePolicy
from app.domain.receipt import Evidence, Receipt
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, advanced, in_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run

NEWS = shop_choices(queue=QueuePolicy())
SILENT = InDoubt("ack_timeout")
READY = NotificationType.READY


def doubts(count: int) -> deque[Outcome | Exception]:
    return deque([SILENT] * count)


async def answered(shop: Shop) -> Notification:
    """A reply of the shop about order 1, behind its doubt."""
    result = await shop.core.inbox.answer(shop.order(1).id, "Já sai!")
    assert result.notification_id is not None
    found = await shop.store.read(lambda rows: rows.notifications.get(result.notification_id))  # type: ignore[arg-type]
    assert found is not None
    return found


async def kept(shop: Shop, row: Notification) -> Notification:
    found = await shop.store.read(lambda rows: rows.notifications.get(row.id))
    assert found is not None
    return found


@pytest.mark.requirement("Q2", "Q4")
def test_a_doubt_left_to_a_person_keeps_no_other_order_waiting() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes = doubts(1 + MOST_REPEATS)
        await shop.see(shop.order(1))
        await shop.pass_time(seconds=60)
        doubt = await shop.message(shop.order(1))
        assert (doubt.state, doubt.repeats, doubt.given_up_at is not None) == (State.IN_DOUBT, 2, True)
        second = replace(shop.order(2), created_at=shop.clock.now())
        await shop.see(second)
        await let_tasks_run()
        assert (await shop.message(second)).state is State.SENT

    in_shop(story, choices=NEWS)


@pytest.mark.requirement("Q2", "Q4")
def test_an_open_doubt_keeps_its_own_order_waiting_and_no_other() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes = doubts(1)
        shop.messenger.opens = False
        await shop.see(shop.order(1))
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await let_tasks_run()
        reply = await answered(shop)
        await shop.see(shop.order(2))
        assert (await kept(shop, reply)).state is State.PENDING
        assert (await shop.message(shop.order(2))).state in {State.PENDING, State.SENT}
        (row,) = await shop.core.board.rows([shop.order(2).id])
        detail = await shop.core.board.detail(shop.order(1).id)
        assert detail is not None
        assert [notice.block for notice in detail.notices] == [None, BlockReason.OWN_DOUBT]
        assert all(notice is None or notice.block is not BlockReason.OWN_DOUBT for notice in row.notices)

    in_shop(story, choices=NEWS)


@pytest.mark.requirement("Q4")
def test_asking_a_person_gives_a_doubt_up_after_the_evidence_time() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes = doubts(1)
        await shop.see(shop.order(1))
        reply = await answered(shop)
        assert (await kept(shop, reply)).state is State.PENDING
        await shop.pass_time(seconds=4)
        assert (await kept(shop, reply)).state is State.SENT
        assert (await shop.message(shop.order(1))).state is State.IN_DOUBT

    in_shop(story, choices=NEWS, repeats_doubts=False)


@pytest.mark.requirement("A3", "Q4")
def test_doubt_that_sees_no_connection_again_expires_when_it_is_old_news() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        shop.messenger.outcomes = doubts(1)
        await shop.see(shop.order(1))
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(minutes=30)
        assert (await shop.message(shop.order(1))).given_up_at is None
        await shop.pass_time(minutes=2)
        assert (await shop.message(shop.order(1))).given_up_at is not None

    in_shop(story, choices=NEWS)


@pytest.mark.requirement("A3")
def test_what_comes_back_from_a_doubt_is_suppressed_when_it_grows_stale() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes = doubts(1)
        await shop.see(shop.order(1, status="ready"))
        await shop.core.queue.pause()
        await shop.pass_time(seconds=20)
        assert (await shop.message(shop.order(1), READY)).state is State.PENDING
        await shop.pass_time(hours=6)
        row = await shop.message(shop.order(1), READY)
        assert (row.state, row.reason) == (State.SUPPRESSED, Suppression.STALE)
        await shop.core.queue.resume()
        await shop.pass_time(seconds=5)
        assert len(shop.messenger.sends) == 1

    in_shop(story, choices=NEWS)


@pytest.mark.requirement("Q2")
def test_the_board_says_that_a_message_stands_behind_an_earlier_one() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        await shop.see(shop.order(1))
        await shop.see(shop.order(2))
        (row,) = await shop.core.board.rows([shop.order(2).id])
        assert [notice and notice.block for notice in row.notices] == [
            BlockReason.EARLIER_MESSAGE,
            None,
            None,
        ]
        shop.messenger.gate.set()

    in_shop(story)


@pytest.mark.requirement("Q4", "S6")
def test_a_receipt_raises_a_doubt_that_a_person_has_cancelled() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.lost_acks = 1
        await shop.see(shop.order(1))
        await shop.pass_time(seconds=15.5)
        row = await shop.message(shop.order(1))
        await shop.core.queue.cancel(row.id)
        await shop.messenger.emit(Receipt(row.message_id, Evidence.READ, shop.clock.now()))
        assert (await shop.message(shop.order(1))).state is State.READ

    in_shop(story, repeats_doubts=False)


@pytest.mark.requirement("Q4", "Z1")
def test_a_death_before_the_wire_costs_no_repeat_and_no_login() -> None:
    async def story(shop: Shop) -> None:
        sound, deaths = shop.messenger.send_text, list(range(5))

        async def dying(*asked: Any, **more: Any) -> Outcome:
            if deaths and deaths.pop() is not None:
                return InDoubt("sidecar_gone")
            return await sound(*asked, **more)

        shop.messenger.send_text = dying  # type: ignore[method-assign]
        await shop.see(shop.order(1))
        await shop.pass_time(minutes=2)
        row = await shop.message(shop.order(1))
        assert (row.state, row.repeats, row.doubted_at) == (State.SENT, 0, None)
        assert len(shop.messenger.sends) == 1

    in_shop(story)


@pytest.mark.requirement("Q4", "Z1")
@pytest.mark.parametrize("fault", [RuntimeError("a foreign one"), ValueError("a cell")])
def test_an_exception_before_the_handing_over_is_no_doubt(fault: Exception) -> None:
    async def story(shop: Shop) -> None:
        async def broken(*_: object) -> None:
            raise fault

        sound = shop.messenger.find_numbers
        shop.messenger.find_numbers = broken  # type: ignore[assignment, method-assign]
        await shop.see(shop.order(1))
        row = await shop.message(shop.order(1))
        assert (row.state, row.reason, row.attempts) == (State.PENDING, "transient", 1)
        await shop.pass_time(minutes=5)
        assert (await shop.message(shop.order(1))).state is State.FAILED
        shop.messenger.find_numbers = sound  # type: ignore[method-assign]
        other = shop.order(2, "+5573999548538")
        await shop.see(other)
        assert (await shop.message(other)).state is State.SENT
        assert len(shop.messenger.connects) == 1

    in_shop(story)


@pytest.mark.requirement("Q3", "Z1")
def test_an_exception_of_the_messenger_before_the_wire_is_no_doubt() -> None:
    async def story(shop: Shop) -> None:
        sound, calls = shop.messenger.send_text, list[int]()

        async def broken(*asked: Any, **more: Any) -> Outcome:
            calls.append(1)
            if len(calls) == 1:
                raise RuntimeError("before anything was written")
            return await sound(*asked, **more)

        shop.messenger.send_text = broken  # type: ignore[method-assign]
        await shop.see(shop.order(1))
        assert (await shop.message(shop.order(1))).state is State.PENDING
        await shop.pass_time(seconds=2)
        assert (await shop.message(shop.order(1))).state is State.SENT
        assert len(shop.messenger.connects) == 1

    in_shop(story)


@pytest.mark.requirement("C3", "Q4")
def test_an_old_doubt_is_listed_whatever_the_period() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes = doubts(3)
        await shop.see(shop.order(1))
        await shop.pass_time(seconds=60)
        await shop.pass_time(days=1)
        today = shop.clock.now() - timedelta(hours=12)
        found = await shop.core.board.outlines(today)
        assert ([each.id for each in found.orders], [each.id for each in found.older_doubts]) == (
            [],
            [shop.order(1).id],
        )
        assert (await shop.core.board.outlines(None)).older_doubts == ()
        await shop.see(advanced(shop.order(1), "completed"))
        assert (await shop.core.board.outlines(today)).older_doubts == []

    in_shop(story)


@pytest.mark.requirement("A3", "A5", "Q6")
def test_retry_failed_sends_no_old_news() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes = deque([Rejected(RejectionKind.REFUSED, 500)] * 2)
        a, b = shop.order(1, status="ready"), shop.order(2, "+5573999548538", status="ready")
        await shop.see(a)
        await shop.see(b)
        await shop.see(replace(b, status="completed"))
        await shop.pass_time(hours=1)
        assert await shop.core.queue.retry_failed_notifications() == 0
        assert shop.messenger.arrived == []

    in_shop(story, choices=NEWS)


@pytest.mark.requirement("Q4")
def test_message_to_a_customer_told_just_now_is_on_the_wire_when_it_begins() -> None:
    async def story(shop: Shop) -> None:
        asked, sound = list[str](), shop.messenger.listener.about_to_write

        async def noted(message_id: MessageId) -> bool:
            asked.append(message_id)
            return await sound(message_id)

        shop.messenger.listener.about_to_write = noted  # type: ignore[method-assign]
        orders = [shop.order(number) for number in range(1, 5)]
        await shop.see(orders[0])
        await shop.see(orders[1])
        shop.messenger.outcomes = doubts(1)
        await shop.see(orders[2])
        await shop.pass_time(seconds=10)
        await shop.see(orders[3])
        rows = [await shop.message(order) for order in orders]
        assert all(row.on_wire_at is not None and row.state is State.SENT for row in rows)
        assert asked == [rows[0].message_id, rows[2].message_id]

    in_shop(story)
