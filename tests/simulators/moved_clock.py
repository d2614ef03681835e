"""A clock that stands still until a test moves it."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

_MOST_ROUNDS = 1000
_AT_START = timedelta(hours=1)


async def let_tasks_run() -> None:
    """Come back when every task of the loop waits for something; bounded, so that a spinning task cannot hang us."""
    loop = asyncio.get_running_loop()
    for _ in range(_MOST_ROUNDS):
        await asyncio.sleep(0)  # noqa: TID251 - gives way to the loop, waits for no time
        if not getattr(loop, "_ready", ()):
            return


class MovedClock:
    """Time passes by `advance` alone; whoever is due is woken at its own moment, earliest first."""

    def __init__(self, start: datetime = datetime(2026, 1, 10, 15, 0, tzinfo=UTC)) -> None:
        self._now = self._start = start
        self._steady = _AT_START
        self._slept = timedelta(0)
        self._turn = count()
        self._sleepers: list[tuple[timedelta, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def steady(self) -> timedelta:
        return self._steady

    def elapsed(self) -> timedelta:
        return self._steady + self._slept

    def true_now(self) -> datetime:
        """What a clock shows that nobody sets."""
        return self._start + (self.elapsed() - _AT_START)

    def let_sleep(self, length: timedelta) -> None:
        """The PC sleeps for `length`: the wall clock goes on, the steady clock does not."""
        self._now += length
        self._slept += length

    def set_wall(self, moment: datetime) -> None:
        """Somebody sets the PC's clock; the steady clock does not notice."""
        self._now = moment

    @property
    def next_due(self) -> timedelta | None:
        """How long until the earliest sleeper is due; None when nobody sleeps."""
        due = [moment for moment, _, sleeper in self._sleepers if not sleeper.done()]
        return min(due) - self._steady if due else None

    async def sleep(self, length: timedelta) -> None:
        await self._sleeper(length)

    async def wait(self, happening: asyncio.Event, at_most: timedelta | None) -> bool:
        if happening.is_set() or at_most is None:
            return await happening.wait()
        due = self._sleeper(at_most)
        happened = asyncio.get_running_loop().create_task(happening.wait())
        try:
            await asyncio.wait((due, happened), return_when=asyncio.FIRST_COMPLETED)
        finally:
            due.cancel()
            happened.cancel()
        return happening.is_set()

    async def advance(self, length: timedelta) -> None:
        """Let `length` pass: wake every sleeper at its moment, and let the tasks run before moving on."""
        await let_tasks_run()
        target = self._steady + length
        while self._sleepers and self._sleepers[0][0] <= target:
            due, _, sleeper = heapq.heappop(self._sleepers)
            self._move_to(due)
            if not sleeper.done():
                sleeper.set_result(None)
                await let_tasks_run()
        self._move_to(target)

    def _move_to(self, moment: timedelta) -> None:
        passed = max(moment - self._steady, timedelta(0))
        self._steady += passed
        self._now += passed

    def _sleeper(self, length: timedelta) -> asyncio.Future[None]:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if length <= timedelta(0):
            sleeper.set_result(None)
        else:
            heapq.heappush(self._sleepers, (self._steady + length, next(self._turn), sleeper))
        return sleeper
