"""Worker: an aborted turn, also by a fault of the connection, leaves no row stuck."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from app.domain.account import CouldNotAsk, KnownNumber, WhatsAppAccount
from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.errors import CocoLokoError, DatabaseBusyError, DatabaseUnreadableError, DiskFullError
from app.domain.events import NotificationChanged, ProblemReported
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.phone import Phone
from app.ports.store import Rows
from tests.harness.customer_words import say
from tests.harness.every_notification import in_state
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run
from tests.unit.services.connection.test_sessions import SECOND, customer_of, with_two_numbers
from tests.unit.services.rate_limits.test_rate_limiter import phone

T = TypeVar("T")


class _ForgetfulStore:
    """Loses its answer once, after the commit in which a message of the main number was begun."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self._sound, self._forgets = shop, shop.store.transact, True
        shop.store.transact = self.transact  # type: ignore[method-assign]

    async def transact(self, work: Callable[[Rows], T]) -> T:
        answer = await self._sound(work)
        sending = await self._shop.store.read(lambda rows: in_state(rows, State.SENDING))
        if self._forgets and any(row.session_id == MAIN for row in sending):
            self._forgets = False
            raise DatabaseUnreadableError(reason="disk I/O error")
        return answer


async def rows_of(shop: Shop, *states: State) -> list[Notification]:
    return await shop.store.read(lambda rows: [row for state in states for row in in_state(rows, state)])


async def queued_together(shop: Shop, count: int) -> None:
    """Messages for as many customers, all due when the workers look."""
    await shop.core.queue.pause()
    for n in range(count):
        await shop.see(shop.order(n, phone(n)))
    await shop.core.queue.resume()
    await let_tasks_run()


@pytest.mark.requirement("Q4", "Z1")
def test_worker_frees_a_row_without_doubt_when_it_broke_before_the_wire() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        known = KnownNumber(
            Phone(order.customer_phone), WhatsAppAccount("x@s.whatsapp.net"), shop.clock.now()
        )
        await shop.store.transact(lambda rows: rows.numbers.save(known))
        _ForgetfulStore(shop)
        await shop.see(order)
        begun = await shop.message(order)
        assert (begun.state, shop.messenger.sends) == (State.SENDING, [])
        assert ProblemReported("database_unreadable") in shop.events
        shop.messenger.opens = False
        await shop.pass_time(seconds=1)
        now = shop.clock.now()
        free: dict[str, Any] = {"state": State.PENDING, "lease": None, "sending_at": None}
        broken_off = replace(begun, changed_at=now, scheduled_at=now, **free)
        assert NotificationChanged(broken_off) in shop.events
        assert await shop.store.read(lambda rows: rows.numbers.suspects(MAIN)) == []
        assert ((await shop.message(order)).state, len(shop.messenger.sends)) == (State.SENT, 1)

    in_shop(story, repeats_doubts=False)


@pytest.mark.requirement("Q5", "Q9")
def test_only_what_the_broken_turn_itself_held_is_picked_up() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        hers = shop.order(2, await customer_of(shop, SECOND, 2))
        await shop.see(hers)
        lease = Lease("another process", shop.clock.now().replace(year=2030))
        others = shop.order(3, await customer_of(shop, MAIN, 3))
        await shop.core.queue.pause()
        await shop.see(others)
        held = replace(await shop.message(others), lease=lease)
        await shop.store.transact(lambda rows: rows.notifications.save(held))
        shop.core.background.workers.pause.on = False
        _ForgetfulStore(shop)
        mine = shop.order(1, await customer_of(shop, MAIN, 1))
        await shop.see(mine)
        await shop.pass_time(seconds=1)
        assert len([send for send in shop.messenger.sends if send.session_id == MAIN]) == 1
        assert (await shop.message(hers)).state is State.SENDING
        assert await shop.message(others) == held
        shop.messenger.gate.set()

    with_two_numbers(story)


@pytest.mark.parametrize("fault", [Rejected(RejectionKind.NOT_CONNECTED), InDoubt("socket_closed")])
def test_a_fault_of_the_connection_frees_what_was_to_follow(fault: Outcome) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(fault)
        await queued_together(shop, 3)
        stopped = await rows_of(shop, State.PENDING, State.IN_DOUBT)
        assert {row.lease for row in stopped} == {None}
        await shop.pass_time(seconds=1)
        assert len(await rows_of(shop, State.SENT)) >= 2

    in_shop(story, repeats_doubts=False)


@pytest.mark.requirement("Q3", "Q4")
@pytest.mark.parametrize(
    "error", [DatabaseBusyError(), DiskFullError(), DatabaseUnreadableError(reason="disk")]
)
def test_database_refusal_before_handover_costs_no_doubt_and_no_attempt(
    error: CocoLokoError,
) -> None:
    async def story(shop: Shop) -> None:
        sound, refusals = shop.store.transact, [error]
        find = shop.messenger.find_numbers

        async def unanswered(*_: object) -> list[CouldNotAsk]:
            """The lookup at the order's arrival gets no answer: the attempt asks by itself."""
            shop.messenger.find_numbers = find  # type: ignore[method-assign]
            return [CouldNotAsk("timeout")]

        shop.messenger.find_numbers = unanswered  # type: ignore[assignment, method-assign]

        async def refused(work: Callable[[Rows], T]) -> T:
            sending = await rows_of(shop, State.SENDING)
            if sending and refusals:
                raise refusals.pop()
            return await sound(work)

        shop.store.transact = refused  # type: ignore[method-assign]
        await shop.see(shop.order(1))
        assert refusals == []
        assert shop.messenger.sends == []
        await shop.pass_time(seconds=1)
        told = await shop.message(shop.order(1))
        assert (told.state, told.attempts, told.repeats) == (State.SENT, 1, 0)
        assert len(shop.messenger.connects) == 1

    in_shop(story)


@pytest.mark.requirement("Q6")
def test_a_pause_in_the_middle_of_a_turn_frees_what_was_to_follow() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        await queued_together(shop, 9)
        begun = len(shop.messenger.sends)
        await shop.core.queue.pause()
        shop.messenger.gate.set()
        await let_tasks_run()
        assert len(await rows_of(shop, State.SENT)) == len(shop.messenger.sends) == begun
        waiting = await rows_of(shop, State.PENDING)
        assert [row.lease for row in waiting] == [None] * (9 - begun)

    in_shop(story)


def test_an_error_that_nobody_foresaw_is_reported_and_ends_nothing() -> None:
    async def story(shop: Shop) -> None:
        sound, order = shop.store.transact, shop.order(1)
        await shop.core.queue.pause()
        await shop.see(order)

        async def broken(_: Callable[[Rows], T]) -> T:
            shop.store.transact = sound  # type: ignore[method-assign]
            raise RuntimeError("unforeseen")

        shop.core.background.workers.pause.on = False
        shop.store.transact = broken  # type: ignore[assignment, method-assign]
        shop.core.queue.wake()
        await let_tasks_run()
        assert [each.code for each in shop.events if isinstance(each, ProblemReported)] == ["unexpected"]
        await shop.pass_time(seconds=1)
        assert (await shop.message(order)).state is State.SENT

    in_shop(story)


def test_a_crew_that_finishes_begins_nothing_more() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        await queued_together(shop, 9)
        begun = len(shop.messenger.sends)
        finished = asyncio.get_running_loop().create_task(shop.core.background.workers.finish())
        await let_tasks_run()
        assert not finished.done()
        shop.messenger.gate.set()
        await finished
        await shop.pass_time(minutes=5)
        assert len(await rows_of(shop, State.SENT)) == len(shop.messenger.sends) == begun
        assert {row.lease for row in await rows_of(shop, State.PENDING)} == {None}

    in_shop(story)


@pytest.mark.requirement("X1")
def test_message_suppressed_in_the_middle_of_a_turn_delays_none_behind_it() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        await queued_together(shop, 9)
        leaving = (await rows_of(shop, State.PENDING))[0]
        assert isinstance(leaving.phone, Phone)
        await say(shop, "PARAR", leaving.phone)
        shop.messenger.gate.set()
        await let_tasks_run()
        assert [row.phone for row in await rows_of(shop, State.SUPPRESSED)] == [leaving.phone]
        # Nine orders, of which one is kept back, and the confirmation to whoever left.
        assert len(await rows_of(shop, State.SENT)) == 9

    in_shop(story)


@pytest.mark.requirement("A3")
def test_a_turn_tells_of_what_it_kept_back_as_of_what_it_sent() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        old = shop.order(1, phone(1))
        await shop.see(old)
        await shop.pass_time(minutes=29)
        await shop.see(shop.order(2, phone(2)))
        await shop.clock.advance(timedelta(minutes=1, seconds=1))
        shop.core.background.workers.pause.on = False
        results = await shop.core.queue.process_pending_notifications()
        ends = {(result.notification.state, result.notification.reason) for result in results}
        assert ends == {(State.SUPPRESSED, "stale"), (State.SENT, None)}
        assert len(results) == 2
        assert all(NotificationChanged(result.notification) in shop.events for result in results)

    in_shop(story)


@pytest.mark.requirement("X4")
def test_an_unforeseen_failure_is_logged_by_the_messages_id_alone(caplog: pytest.LogCaptureFixture) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(RuntimeError("unforeseen"))
        await shop.see(shop.order(1))
        failed = await shop.message(shop.order(1))
        (record,) = [each for each in caplog.records if each.getMessage() == "attempt_failed"]
        assert vars(record)["notification"] == str(failed.id)
        assert record.exc_info is not None

    in_shop(story, repeats_doubts=False)


def test_a_turn_that_breaks_off_is_logged_with_the_kind_of_its_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(shop: Shop) -> None:
        _ForgetfulStore(shop)
        await shop.see(shop.order(1))
        (record,) = [each for each in caplog.records if each.getMessage() == "turn_failed"]
        assert vars(record)["error"] == "DatabaseUnreadableError"

    in_shop(story)
