"""In-flight window: results that a busy database refuses are kept until they are written."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from app.domain.errors import DatabaseUnreadableError
from app.domain.events import NotificationChanged, ProblemReported
from app.domain.notification import State
from app.ports.store import Rows
from tests.harness.shop import Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run
from tests.unit.services.notifications.test_in_flight_window import WINDOW, answered, owed, states

T = TypeVar("T")


def broken_off(shop: Shop, *, reads: bool = True) -> Callable[[], None]:
    """Make the database refuse every change, and with `reads` everything, until what this returns is called."""
    sound, read = shop.store.transact, shop.store.read

    async def refused(_: Callable[[Rows], T]) -> T:
        raise DatabaseUnreadableError(reason="locked")

    def mend() -> None:
        shop.store.transact, shop.store.read = sound, read  # type: ignore[method-assign]

    shop.store.transact = refused  # type: ignore[method-assign, assignment]
    if reads:
        shop.store.read = refused  # type: ignore[method-assign, assignment]
    return mend


@pytest.mark.requirement("Q4")
def test_finishing_waits_for_an_answer_that_the_database_refused_at_first() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, 1)
        mend = broken_off(shop)
        await answered(shop)
        finishing = asyncio.ensure_future(shop.core.background.workers.finish())  # noqa: TID251 - to be looked at
        await let_tasks_run()
        mend()
        assert not finishing.done()
        await shop.pass_time(seconds=1)
        assert finishing.done()
        assert await states(shop) == [State.SENT]

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_worker_begins_no_attempt_after_finish_when_a_turn_breaks_off() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, WINDOW + 2)
        mend = broken_off(shop)
        finishing = asyncio.ensure_future(shop.core.background.workers.finish())  # noqa: TID251 - to be looked at
        await answered(shop)
        await shop.pass_time(seconds=1)
        mend()
        await shop.pass_time(seconds=1)
        assert finishing.done()
        assert await states(shop) == [State.SENT] * WINDOW + [State.PENDING] * 2

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_database_that_refuses_while_five_are_in_flight_loses_no_answer() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, WINDOW + 2)
        mend = broken_off(shop)
        await answered(shop)
        await shop.pass_time(seconds=10)
        mend()
        await shop.pass_time(seconds=2)
        assert await states(shop) == [State.SENT] * (WINDOW + 2)
        assert len(shop.messenger.sends) == WINDOW + 2

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_a_turn_that_breaks_off_leaves_alone_what_is_still_on_its_way() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, 2)
        worker = next(iter(shop.core.background.workers))
        mend = broken_off(shop)
        worker.wake()
        await let_tasks_run()
        assert ProblemReported("database_unreadable") in shop.events
        mend()
        await shop.pass_time(seconds=2)
        assert await states(shop) == [State.SENDING] * 2
        finishing = asyncio.ensure_future(shop.core.background.workers.finish())  # noqa: TID251 - to be looked at
        await let_tasks_run()
        assert not finishing.done()
        await answered(shop)
        assert finishing.done()
        assert await states(shop) == [State.SENT] * 2
        assert not any(moved_to(event, State.IN_DOUBT) for event in shop.events)

    in_shop(story)


def moved_to(event: object, state: State) -> bool:
    return isinstance(event, NotificationChanged) and event.notification.state is state
