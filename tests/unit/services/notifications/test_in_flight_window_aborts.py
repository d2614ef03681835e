"""In-flight window: an aborted attempt frees its row, its customer and its slot."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.attempt import Accepted, AttemptEnd
from app.domain.notification import Notification, State
from app.domain.queue_policy import QueuePolicy
from app.services.notifications.attempt_recorder import StartedAttempt
from app.services.notifications.in_flight_window import InFlightWindow
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.runtime.background_loops import LoopState
from tests.contracts.asked_store import ANA, BIA, owed
from tests.harness.shop import Shop, in_shop, open_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("Z2")


def _once(broken: BaseException, sound: Callable[..., Any]) -> Callable[..., Any]:
    """The function, the first call of which raises."""
    failures = [broken]

    def call(*given: Any, **named: Any) -> Any:
        if failures:
            raise failures.pop()
        return sound(*given, **named)

    return call


async def _is_told_in_the_end(shop: Shop) -> None:
    order, later = shop.order(1), shop.order(2, phone="+5573999548538")
    await shop.see(order)
    await shop.see(later)
    await shop.pass_time(minutes=5)
    assert [(await shop.message(each)).state for each in (order, later)] == [State.SENT, State.SENT]


def _pace(shop: Shop) -> RateLimiter:
    return next(iter(shop.core.rate_limiters))


def test_flights_end_an_attempt_whose_await_was_cancelled_by_its_owner() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.send_text = _once(asyncio.CancelledError(), shop.messenger.send_text)  # type: ignore[method-assign]
        await _is_told_in_the_end(shop)

    in_shop(story)


@pytest.mark.parametrize("act", ["record_start", "_count"])
def test_flights_end_an_attempt_when_the_pace_fails(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(shop: Shop) -> None:
        monkeypatch.setattr(_pace(shop), act, _once(OSError(), getattr(_pace(shop), act)))
        await _is_told_in_the_end(shop)

    in_shop(story)


def test_worker_settles_what_was_on_its_way_when_its_loop_was_cancelled() -> None:
    async def story() -> None:
        async with open_shop(choices=shop_choices(queue=QueuePolicy())) as shop:
            shop.messenger.gate.clear()
            order = shop.order(1)
            await shop.see(order)
            assert (await shop.message(order)).state is State.SENDING
            _cancel_wait_of_worker()
            await let_tasks_run()
            assert shop.core.background.health()[-1].state is LoopState.RESTARTING
            shop.messenger.gate.set()
            await shop.pass_time(minutes=5)
            assert (await shop.message(order)).state is State.SENT

    asyncio.run(story())


def _cancel_wait_of_worker() -> None:
    """The future that the worker's loop awaits is cancelled, and not its task."""
    (task,) = (each for each in asyncio.all_tasks() if each.get_name() == "worker:main")
    waits: Any = getattr(task, "_fut_waiter")  # noqa: B009 - there is no other way to reach it
    waits.cancel()


def test_flights_keep_no_more_prepared_customers_than_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(shop: Shop) -> None:
        async def deliver(_: Notification) -> AttemptEnd:
            return Accepted(shop.clock.now())

        flights = InFlightWindow(deliver, _pace(shop), lambda: None)
        monkeypatch.setattr("app.services.notifications.in_flight_window._MOST_PREPARED", 1)
        for customer in (ANA, BIA):
            flights.start(StartedAttempt(owed(str(customer), phone=customer), cold=False))
            await let_tasks_run()
        assert flights.prepared == {ANA}
        assert len(flights.finished) == 2
        await flights.stop()

    in_shop(story)
