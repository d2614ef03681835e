"""Fault injector between kills: cut lines, frozen processes, silence, lost and repeated words, delays."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random  # noqa: TID251 - seeded on purpose

import psutil

from app.ports.clock import Clock
from tests.harness.chaos.life import Life
from tests.harness.chaos.load_generator import LoadGenerator
from tests.harness.chaos.simulated_side import SimulatedSide

_MEAN_PAUSE = 1.2
_HELD_ACK_MS = 600
_LOOK_EVERY = 0.005
_PATIENCE = timedelta(seconds=1)


@dataclass
class FaultInjector:
    """Injector of one fault at a time; `paused` while a recovery is measured or a step needs a quiet line."""

    clock: Clock
    chance: Random
    side: SimulatedSide
    load: LoadGenerator
    life: Callable[[], Life | None]
    paused: bool = False
    faults: dict[str, int] = field(default_factory=dict)
    """How often each struck."""

    async def run(self) -> None:
        kinds: tuple[tuple[Callable[[], Awaitable[None]], int], ...] = (
            (self.cut_lines, 2),
            (self.cut_before_the_answer, 3),
            (self.frozen_node, 3),
            (self.silence, 3),
            (self.lost_acknowledgement, 2),
            (self.said_twice, 3),
            (self.delays, 3),
            (self.phones_off, 5),
        )
        acts, weights = zip(*kinds, strict=True)
        while True:
            await self._pause(self.chance.expovariate(1 / _MEAN_PAUSE))
            life = self.life()
            if self.paused or life is None or not life.connected.is_set():
                continue
            act = self.chance.choices(acts, weights)[0]
            self.faults[act.__name__] = self.faults.get(act.__name__, 0) + 1
            await act()

    async def cut_lines(self) -> None:
        self.side.fault("drop")

    async def cut_before_the_answer(self) -> None:
        """The line goes while a message is on the wire and its acknowledgement is not."""
        self.side.delay(ack_delay_ms=_HELD_ACK_MS)
        known = self.side.look()
        until = self.clock.steady() + _PATIENCE
        while self.clock.steady() < until:
            self.side.look()
            if any(entry.what == "message" for entry in self.side.entries[known:]):
                self.side.fault("drop")
                break
            await self._pause(_LOOK_EVERY)
        if not self.paused:
            self.side.delay(ack_delay_ms=0)

    async def frozen_node(self) -> None:
        life = self.life()
        if life and (node := life.node()):
            with suppress(psutil.Error):
                node.suspend()
                try:
                    await self._pause(self.chance.uniform(0.1, 1.0))
                finally:
                    node.resume()

    async def silence(self) -> None:
        self.side.fault("mute")
        await self._pause(self.chance.uniform(0.1, 1.0))
        self.side.fault("unmute")

    async def lost_acknowledgement(self) -> None:
        self.side.fault("lose_ack")

    async def said_twice(self) -> None:
        self.side.fault("repeat_ack", times=self.chance.randint(1, 3))
        self.side.fault("repeat_receipt", times=self.chance.randint(1, 6))

    async def delays(self) -> None:
        names = ("ack_delay_ms", "delivered_delay_ms", "read_delay_ms")
        self.side.delay(**{name: self.chance.choice((0, 20, 150)) for name in names})

    async def phones_off(self) -> None:
        """Switch some customers' phones off, so that a doubt finds no evidence; the others come back."""
        self.side.switch_all_on()
        phones = self.load.phones()
        self.side.switch_off(self.chance.sample(phones, len(phones) // 2))

    async def _pause(self, seconds: float) -> None:
        await self.clock.sleep(timedelta(seconds=seconds))
