"""Demo: sends a rush of orders through the whole product and reports the messages of the simulated phones."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app.domain.events import Event
from app.headless.demo_progress import DemoProgress
from app.headless.demo_report import STAGES, DemoReport, report, untold_orders
from app.headless.demo_text import DemoText
from app.headless.event_narrator import EventNarrator
from app.headless.line_console import LineConsole
from app.ports.training import TrainingWorld
from app.services.runtime.core import Core
from app.services.runtime.training import pair_with_owner
from app.services.text.message_catalog import MessageCatalog

# Without a change for so long the demo is stuck, and a report that says so is better than more waiting. Longer than
# the longest pause between two connection attempts and the slow restart of a child that keeps dying, one after the
# other.
_PATIENCE: Final = timedelta(seconds=150)
# A spectator wants to know the reason of a wait.
_SAYS_SO_AFTER: Final = timedelta(seconds=10)
# Whether and when a customer reads is the customer's decision; the message itself is safe.
_RECEIPT_PATIENCE: Final = timedelta(seconds=5)


class Demo:
    """Demo of one rush; with `as_json` the last line on stdout is the report as JSON, all others are for people."""

    def __init__(
        self, core: Core, world: TrainingWorld, sentences: MessageCatalog, orders: int, *, as_json: bool
    ) -> None:
        self._core, self._world = core, world
        self._orders, self._as_json = orders, as_json
        self._order_ids = world.order_ids(orders)
        self._console = LineConsole(stderr=as_json)
        self._narrator, self._words = EventNarrator(sentences), DemoText(sentences)
        self._rush_progress = DemoProgress(self._order_ids)

    async def run(self) -> bool:
        """Run the demo; return whether every message was shown exactly once.

        Raises BrokenPipeError when the output has no reader any more.
        """
        started = self._core.clock.steady()
        self._console.say(self._words.opening)
        with self._progress() as progress:
            bar = progress.add_task(self._words.progress, total=self._orders * STAGES)
            self._core.bus.subscribe(Event, lambda event: self._say(event, progress, bar))
            async with self._core:
                if await pair_with_owner(self._core, self._world, _PATIENCE):
                    await self._rush()
                notifications = await self._core.board.notifications(self._order_ids)
                known = await self._core.board.orders(self._order_ids)
                session_id = self._core.connection.get_connection_status().session_id
                limits = self._core.rate_limiters.status(session_id)
        for line in self._words.pace(limits):
            self._console.say(line)
        seconds = (self._core.clock.steady() - started).total_seconds()
        tally = await self._world.tally()
        untold = untold_orders(notifications, tally)
        numbers = sorted(order.number for order in known.values() if order.id in untold)
        return self._conclude(report(self._orders, notifications, tally, seconds), numbers)

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )

    async def _rush(self) -> None:
        """Run the rush until all messages have ended or `_PATIENCE` has passed without a change."""
        known = await self._core.board.orders(self._order_ids)
        self._rush_progress.begin(await self._core.board.notifications(self._order_ids))
        feed = await self._world.rush(self._orders, known)
        watching = self._core.background.tasks.start(self._core.watcher.watch(feed), "rush")
        watching.add_done_callback(lambda _: self._rush_progress.moved.set())
        while not (watching.done() and self._rush_progress.settled):
            self._rush_progress.moved.clear()
            self._console.check()
            if watching.done() and not self._rush_progress.waiting:
                if not await self._core.clock.wait(self._rush_progress.moved, _RECEIPT_PATIENCE):
                    return
            elif not await self._moves_on():
                return

    async def _moves_on(self) -> bool:
        """Return whether a message changed within `_PATIENCE`."""
        waited = timedelta(0)
        while waited < _PATIENCE:
            if await self._core.clock.wait(self._rush_progress.moved, _SAYS_SO_AFTER):
                return True
            waited += _SAYS_SO_AFTER
            status = self._core.connection.get_connection_status()
            self._console.say(self._words.waiting(self._rush_progress.waiting, status))
        return False

    def _say(self, event: Event, progress: Progress, bar: TaskID) -> None:
        if self._rush_progress.follow(event):
            progress.update(bar, completed=self._rush_progress.read)
        if line := self._narrator.line(event):
            self._console.say(line)
        if self._console.is_closed:
            self._rush_progress.moved.set()

    def _conclude(self, result: DemoReport, untold: Sequence[int]) -> bool:
        for line in self._words.conclusion(result, untold):
            self._console.say(line)
        self._console.finish()
        self._console.check()
        if self._as_json:
            print(json.dumps(result.figures, separators=(",", ":")), flush=True)
        return result.good
