"""Background loops: restart with backoff, one report per outage, health status (Z2)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import DatabaseBusyError
from app.domain.events import Event, ProblemReported
from app.services.background_tasks import BackgroundTasks
from app.services.event_bus import EventBus
from app.services.runtime.background_loops import BACKGROUND_FAILED, BackgroundLoops, LoopHealth, LoopState
from tests.simulators.moved_clock import MovedClock, let_tasks_run

pytestmark = pytest.mark.requirement("Z2")

SECOND = timedelta(seconds=1)


class NoChance:
    """Entropy by which every pause is half of the whole."""

    def fraction(self) -> float:
        return 0.0


class Background:
    """The supervisor beside all that it is given."""

    def __init__(self) -> None:
        self.clock, self.tasks, self.told = MovedClock(), BackgroundTasks(), list[Event]()
        bus = EventBus()
        bus.subscribe(Event, self.told.append)
        self.loops = BackgroundLoops(self.tasks, bus, self.clock, NoChance())  # type: ignore[arg-type]

    @property
    def only(self) -> LoopHealth:
        (health,) = self.loops.health()
        return health

    async def start(self, run: Callable[[], Awaitable[None]]) -> None:
        self.loops.add("loop", run)
        self.loops.start()
        await let_tasks_run()


class Endings:
    """A loop whose runs last so long and end so, in order; the last one never ends."""

    def __init__(self, background: Background, *endings: tuple[float, BaseException | None]) -> None:
        self._background, self._endings, self.runs = background, list(endings), 0

    async def __call__(self) -> None:
        self.runs += 1
        if not self._endings:
            await asyncio.Event().wait()
        lasts, error = self._endings.pop(0)
        await self._background.clock.sleep(lasts * SECOND)
        if error:
            raise error


def test_loop_is_restarted_after_pauses_that_double_to_a_minute() -> None:
    async def story() -> None:
        background = Background()
        loop = Endings(background, *[(0, ValueError())] * 20)
        await background.start(loop)
        for number, pause in enumerate((0.5, 1, 2, 4, 8, 16, 30, 30), start=1):
            assert (loop.runs, background.only.state) == (number, LoopState.RESTARTING)
            await background.clock.advance(pause * SECOND - timedelta(milliseconds=1))
            assert loop.runs == number
            await background.clock.advance(timedelta(milliseconds=1))
        await background.tasks.stop()

    asyncio.run(story())


def test_outage_is_reported_once_until_the_loop_has_run_for_a_minute() -> None:
    async def story() -> None:
        background = Background()
        endings = [(0, ValueError()), (59, ValueError()), (60, ValueError()), (0, ValueError())]
        await background.start(Endings(background, *endings))
        await background.clock.advance(timedelta(seconds=59))
        assert background.told == [ProblemReported(BACKGROUND_FAILED)]
        await background.clock.advance(timedelta(minutes=5))
        assert background.told == [ProblemReported(BACKGROUND_FAILED)] * 2
        await background.tasks.stop()

    asyncio.run(story())


def test_health_tells_state_failures_and_last_error() -> None:
    async def story() -> None:
        background = Background()
        began = background.clock.now()
        await background.start(Endings(background, (5, ValueError("Maria")), (60, DatabaseBusyError())))
        running = LoopHealth("loop", LoopState.RUNNING, began)
        assert background.only == running
        await background.clock.advance(5 * SECOND)
        failed = LoopHealth("loop", LoopState.RESTARTING, began + 5 * SECOND, 1, "ValueError")
        assert background.only == failed
        await background.clock.advance(SECOND)
        again = replace(failed, state=LoopState.RUNNING, since=began + 5.5 * SECOND)
        assert background.only == again
        await background.clock.advance(60 * SECOND)
        assert (background.only.failures, background.only.last_error) == (2, "DatabaseBusyError")
        assert background.told == [ProblemReported(BACKGROUND_FAILED), ProblemReported("database_busy")]
        await background.tasks.stop()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("ending", "said"), [(None, "returned"), (asyncio.CancelledError(), "CancelledError")]
)
def test_loop_that_merely_ends_is_a_failure_too(ending: BaseException | None, said: str) -> None:
    """An awaited future that its owner cancels raises CancelledError in a loop that nobody has cancelled."""

    async def story() -> None:
        background = Background()
        loop = Endings(background, (0, ending))
        await background.start(loop)
        assert (background.only.state, background.only.last_error) == (LoopState.RESTARTING, said)
        await background.clock.advance(SECOND)
        assert (loop.runs, background.only.state) == (2, LoopState.RUNNING)
        await background.tasks.stop()

    asyncio.run(story())


@pytest.mark.parametrize("restarting", [True, False])
def test_stop_ends_loop_and_restart_alike(*, restarting: bool) -> None:
    async def story() -> None:
        background = Background()
        loop = Endings(background, *[(0, ValueError())] * restarting)
        await background.start(loop)
        await background.tasks.stop()
        await background.clock.advance(timedelta(minutes=5))
        assert (loop.runs, background.only.failures) == (1, int(restarting))

    asyncio.run(story())


@pytest.mark.parametrize("language", ["pt-BR", "en", "es"])
def test_background_trouble_has_its_sentence(language: str) -> None:
    catalogue = Path(f"resources/i18n/sentences.{language}.json").read_text(encoding="utf-8")
    assert len(json.loads(catalogue)["errors"][BACKGROUND_FAILED]) == 2
