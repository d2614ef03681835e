"""Runs a rush of orders through the whole product and reports what the simulated phones saw."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.domain.events import Event, NotificationMoved
from app.domain.notification import TOLD, UNFINISHED, State
from app.headless.demo_report import DemoReport, report
from app.headless.happenings import Narrator
from app.ports.training import TrainingWorld
from app.services.core import Core
from app.services.sentences import Sentences
from app.services.training import pair_with_owner

_STAGES: Final = 3
# Nothing moved for so long: something is stuck, and a report that says so is better than waiting on.
_PATIENCE: Final = timedelta(seconds=60)
# Whether and when a customer reads is the customer's affair; the message itself is safe.
_RECEIPT_PATIENCE: Final = timedelta(seconds=5)


class Demo:
    """With `as_json` the last line on stdout is the report as JSON; all else goes to people."""

    def __init__(
        self, core: Core, world: TrainingWorld, sentences: Sentences, orders: int, *, as_json: bool
    ) -> None:
        self._core, self._world, self._sentences = core, world, sentences
        self._orders, self._as_json = orders, as_json
        self._order_ids = world.order_ids(orders)
        self._console = Console(stderr=as_json, highlight=False)
        self._narrator = Narrator(sentences)
        self._moved = asyncio.Event()

    async def run(self) -> bool:
        """Whether every message was shown exactly once."""
        started = self._core.clock.steady()
        self._console.print(self._sentences.say("headless", "training"))
        with self._progress() as progress:
            bar = progress.add_task(self._sentences.say("headless", "progress"), total=self._orders * _STAGES)
            self._core.bus.subscribe(Event, lambda event: self._say(event, progress))
            async with self._core:
                await pair_with_owner(self._core, self._world, _PATIENCE)
                settled = await self._rush(lambda read: progress.update(bar, completed=read))
                notifications = await self._core.board.notifications(self._order_ids)
        seconds = (self._core.clock.steady() - started).total_seconds()
        return self._conclude(
            report(self._orders, notifications, await self._world.tally(), seconds), settled=settled
        )

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )

    async def _rush(self, progressed: Callable[[int], None]) -> bool:
        """Whether everything came to an end before patience did."""
        known = await self._core.board.orders(self._order_ids)
        feed = await self._world.rush(self._orders, known)
        watching = self._core.tasks.start(self._core.watcher.watch(feed), "rush")
        watching.add_done_callback(lambda _: self._moved.set())
        while True:
            self._moved.clear()
            notifications = await self._core.board.notifications(self._order_ids)
            progressed(sum(n.state is State.READ for n in notifications))
            finished = watching.done() and not any(n.state in UNFINISHED for n in notifications)
            if finished and all(n.state is State.READ or n.state not in TOLD for n in notifications):
                return True
            if not await self._core.clock.wait(self._moved, _RECEIPT_PATIENCE if finished else _PATIENCE):
                return finished

    def _say(self, event: Event, progress: Progress) -> None:
        if isinstance(event, NotificationMoved):
            self._moved.set()
        if line := self._narrator.line(event):
            progress.console.print(line)

    def _conclude(self, result: DemoReport, *, settled: bool) -> bool:
        if not settled:
            self._console.print(self._sentences.say("headless", "not_settled"))
        figures = asdict(result)
        self._console.print(self._sentences.say("headless", "summary", **figures))
        if self._as_json:
            print(json.dumps(figures, separators=(",", ":")), flush=True)
        return settled and result.good
