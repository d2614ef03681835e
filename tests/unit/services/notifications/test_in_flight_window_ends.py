"""In-flight window: the end of each attempt, with what the rate limiter made of it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from app.domain.attempt import Accepted, AttemptEnd, InDoubt
from app.domain.identifiers import IdentityId
from app.domain.notification import Notification
from app.services.notifications.attempt_recorder import FinishedAttempt, StartedAttempt
from app.services.notifications.in_flight_window import InFlightWindow
from app.services.notifications.settlement import UNEXPECTED
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot
from tests.contracts.asked_store import ANA, NOW, owed
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("X2")
LIMITS, ACCEPTED, ROW = (
    ProviderLimitsSnapshot(refused=1),
    Accepted(NOW),
    owed(customer=IdentityId(UUID(int=7))),
)


class _Limiter:
    """A rate limiter that names LIMITS after each attempt."""

    def __init__(self) -> None:
        self.calls = list[tuple[Any, ...]]()

    def record_start(self, *, cold: bool) -> None:
        self.calls.append(("start", cold))

    def record_end(
        self, customer: IdentityId | None, end: AttemptEnd, *, cold: bool
    ) -> ProviderLimitsSnapshot:
        self.calls.append(("end", customer, end, cold))
        return LIMITS


async def _accept(_: Notification) -> AttemptEnd:
    return ACCEPTED


@pytest.mark.parametrize("sent_before", [True, False])
@pytest.mark.parametrize("cold", [True, False])
def test_finished_attempt_carries_its_limits_and_its_first_contact(*, cold: bool, sent_before: bool) -> None:
    async def story() -> None:
        limiter, calls = _Limiter(), list[int]()
        window = InFlightWindow(_accept, limiter, lambda: calls.append(len(window.finished)))  # type: ignore[arg-type]
        window.start(StartedAttempt(ROW, cold, sent_before))
        assert (set(window.in_flight), [*window.finished]) == ({ROW.id}, [])
        await let_tasks_run()
        ended = FinishedAttempt(ROW.id, ACCEPTED, LIMITS, sent_before)
        assert (set(window.in_flight), [*window.finished]) == (set(), [ended])
        assert set(window.prepared) == {ANA}
        assert limiter.calls == [("start", cold), ("end", ROW.customer, ACCEPTED, cold)]
        assert calls == [1]
        window.forget_finished(window.finished)
        await window.wait_settled()
        assert window.finished == ()

    asyncio.run(story())


@pytest.mark.requirement("Q4")
def test_cancelled_attempt_ends_in_doubt_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        never = asyncio.Event()

        async def hang(_: Notification) -> AttemptEnd:
            await never.wait()
            return ACCEPTED

        window = InFlightWindow(hang, _Limiter(), lambda: None)  # type: ignore[arg-type]
        window.start(StartedAttempt(ROW, cold=False))
        await let_tasks_run()
        await window.stop()
        assert [*window.finished] == [FinishedAttempt(ROW.id, InDoubt(UNEXPECTED), LIMITS)]

    asyncio.run(story())
    logged = [(each.getMessage(), vars(each)["notification"]) for each in caplog.records]
    assert logged == [("attempt_cancelled", str(ROW.id))]


@pytest.mark.requirement("Q4")
def test_window_is_settled_only_when_no_attempt_is_in_flight_or_unsaved() -> None:
    async def story() -> None:
        gate = asyncio.Event()

        async def deliver(row: Notification) -> AttemptEnd:
            if row is not ROW:
                await gate.wait()
            return ACCEPTED

        window = InFlightWindow(deliver, _Limiter(), lambda: None)  # type: ignore[arg-type]
        settled = asyncio.ensure_future(window.wait_settled())  # noqa: TID251 - to be looked at
        await let_tasks_run()
        assert settled.done()
        for row in (ROW, owed("o2")):
            window.start(StartedAttempt(row, cold=False))
        settled = asyncio.ensure_future(window.wait_settled())  # noqa: TID251 - to be looked at
        await let_tasks_run()
        window.forget_finished(window.finished)
        gate.set()
        await let_tasks_run()
        assert not settled.done()
        window.forget_finished(window.finished)
        await let_tasks_run()
        assert settled.done()

    asyncio.run(story())
