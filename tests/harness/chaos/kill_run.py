"""Kill run of one shop: the program restarts after each kill, then runs undisturbed until the queue is empty."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded on purpose
from typing import Final

from app.ports.clock import Clock
from tests.harness.chaos.event_log import EventLog
from tests.harness.chaos.fault_injector import FaultInjector
from tests.harness.chaos.kept_rows import KeptRows
from tests.harness.chaos.key_rotator import KeyRotator
from tests.harness.chaos.kill_accounting import KillAccounting
from tests.harness.chaos.killer import Kill, Killer
from tests.harness.chaos.life import Life, Said
from tests.harness.chaos.load_generator import LoadGenerator
from tests.harness.chaos.sealed_cells import SealedCells
from tests.harness.chaos.simulated_side import SimulatedSide
from tests.harness.chaos.steps import ANYWHERE, AT_THE_START, OF_ROTATIONS, ON_THE_WAY, Scene, Step

# Neither the pace nor an undo window: every moment is a moment at which a message may be on its way.
_SETTINGS: Final = {"UNDO_SECONDS": "0", "TIME_TO_LIVE_MINUTES": "720"}
_COMES_BACK_WITHIN: Final = timedelta(seconds=90)
_OVER_WITHIN: Final = timedelta(seconds=60)
_SHOWN_WITHIN: Final = timedelta(seconds=20)
_ENDS_WITHIN: Final = timedelta(seconds=20)
_LOOK_EVERY: Final = timedelta(milliseconds=200)
_AT_THE_START: Final = 0.35
_WATCHED: Final = 0.25


class MisbehavedError(Exception):
    """Behaviour of the program that no kill explains."""


@dataclass
class KillRun:
    """Kill run of one shop; `in_doubt` is the setting that repeats doubts or leaves them to a person."""

    folder: Path
    side: SimulatedSide
    clock: Clock
    seed: str
    in_doubt: str
    kills_left: int
    hidden: float = 0.0
    rotates: bool = False
    """Whether the data key is rotated beside the kills."""

    def __post_init__(self) -> None:
        clock, side = self.clock, self.side
        self.kept, self.event_log = KeptRows(self.folder), EventLog(clock)
        self.load = LoadGenerator(
            clock,
            self._dice("clicks"),
            side,
            self.event_log,
            lambda: self._working,
            self.in_doubt == "resend",
            self.hidden,
        )
        self.injector = FaultInjector(clock, self._dice("weather"), side, self.load, lambda: self._working)
        self.rotator = KeyRotator(clock, self._dice("rotations"), lambda: self._working)
        self.cells = SealedCells(self.folder)
        self.accounting = KillAccounting(side, self.event_log)
        self.killer = Killer(clock, self.event_log, self.kept, self.accounting, self.in_doubt)
        self.stuck: frozenset[str] = frozenset()
        """Rows that no person must decide about and that were not over a minute after the last fault."""
        self._chance = self._dice("kills")
        self._lives: list[Life] = []

    def _dice(self, purpose: str) -> Random:
        return Random(f"{self.seed} {purpose}")  # noqa: S311 - never for secrets

    @property
    def kills(self) -> list[Kill]:
        return self.killer.kills

    @property
    def _working(self) -> Life | None:
        return self._lives[-1] if self._lives and not self._lives[-1].ended.is_set() else None

    @property
    def restarts(self) -> list[timedelta]:
        """From each start of the program, but for the first, to its connection."""
        return [life.connected_after for life in self._lives[1:] if life.connected_after]

    async def run(self) -> None:
        """Raises MisbehavedError, in a group."""
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._war(tasks)
                await self._peace(tasks)
        finally:
            if self._working:
                self._working.kill()

    async def _war(self, tasks: asyncio.TaskGroup) -> None:
        await self._pair(tasks)
        disturbing = [tasks.create_task(self.load.run()), tasks.create_task(self.injector.run())]
        if self.rotates:
            disturbing.append(tasks.create_task(self.rotator.run()))
        while self.kills_left:
            await self._one_life(tasks)
        for task in disturbing:
            task.cancel()
        await asyncio.wait(disturbing)

    async def _pair(self, tasks: asyncio.TaskGroup) -> None:
        life = await self._begin(tasks)
        await life.say(command="pair")
        await self._is_back(life)

    async def _one_life(self, tasks: asyncio.TaskGroup) -> None:
        """Some kills of the Node process, then one of the program."""
        life = self._working or await self._begin(tasks)
        watched = self.killer.unrecovered
        if not watched and self._chance.random() < _AT_THE_START:
            await self._strike(life, at_the_start=True)
            if life.ended.is_set():
                return
        await self._is_back(life)
        for _ in range(self._chance.choices((0, 1, 2), (35, 35, 30))[0]):
            if not self.kills_left:
                return
            await self._recovered()
            await self._strike(life, target="node")
            await self._is_back(life)
        await self._recovered()
        if self.kills_left:
            await self._strike(life, target="app")

    async def _strike(self, life: Life, *, target: str | None = None, at_the_start: bool = False) -> None:
        steps = AT_THE_START if at_the_start else self._on_the_way
        fitting = [one for one in steps if target is None or target in one.strikes]
        step = self._chance.choices(fitting, [one.weight for one in fitting])[0]
        whom = target or self._chance.choice(step.strikes)
        watched = self._chance.random() < _WATCHED
        scene = Scene(life, self.side, self.event_log, self.load, self.clock, self._chance, self.rotator)
        self.injector.paused = step.delicate
        met = await step.meet(scene)
        if life.ended.is_set():
            raise MisbehavedError(f"the program ended by itself with {life.exit_code}")
        self.injector.paused = watched
        await self.killer.strike(life, step.name if met else ANYWHERE, whom, watched=watched)
        self.side.calm()
        self.kills_left -= 1

    @property
    def _on_the_way(self) -> tuple[Step, ...]:
        return ON_THE_WAY + OF_ROTATIONS if self.rotates else ON_THE_WAY

    async def _recovered(self) -> None:
        await self.killer.recovered()
        self.injector.paused = False

    async def _begin(self, tasks: asyncio.TaskGroup) -> Life:
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = {**_SETTINGS, "IN_DOUBT": self.in_doubt}
        life = await Life.begin(self.folder, self.side.ws_url, settings, self.clock, self._hear)
        self._lives.append(life)
        tasks.create_task(life.listen())
        return life

    def _hear(self, said: Said) -> None:
        self.event_log.hear(said)
        if said.get("qr"):
            self.side.scan(said["qr"])

    async def _is_back(self, life: Life) -> None:
        until = self.clock.steady() + _COMES_BACK_WITHIN
        while not await self.clock.wait(life.connected, _LOOK_EVERY):
            if life.ended.is_set():
                raise MisbehavedError(f"the program ended by itself with {life.exit_code}")
            if self.clock.steady() > until:
                raise MisbehavedError("the program did not come back to WhatsApp")

    async def _peace(self, tasks: asyncio.TaskGroup) -> None:
        """No fault is left; the program tells what it owes and is asked to end."""
        self.side.calm()
        self.side.switch_all_on()
        last_fault = self.clock.steady()
        life = self._working or await self._begin(tasks)
        await self._is_back(life)
        await self._recovered()
        await self._until(lambda: not self.kept.unsettled(), last_fault + _OVER_WITHIN)
        self.stuck = self.kept.unsettled()
        if self.rotates:
            await self._until(self.cells.resealed, last_fault + _OVER_WITHIN)
        self.side.bring_back()
        await self._until(lambda: not self.kept.undelivered(), self.clock.steady() + _SHOWN_WITHIN)
        self.accounting.after_faults()
        await life.say(command="quit")
        if not await self.clock.wait(life.ended, _ENDS_WITHIN) or life.exit_code != 0:
            life.kill()
            raise MisbehavedError(f"asked to end, the program ended with {life.exit_code}")

    async def _until(self, is_so: Callable[[], bool], limit: timedelta) -> None:
        while not is_so() and self.clock.steady() < limit:
            await self.clock.sleep(_LOOK_EVERY)
