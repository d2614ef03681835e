"""Key rotator: sends `rotate_keys` to the program at random moments, and at once for a kill that is to meet it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random  # noqa: TID251 - seeded on purpose
from typing import Final

from app.ports.clock import Clock
from tests.harness.chaos.life import Life

_MEAN_PAUSE: Final = 2.5


@dataclass
class KeyRotator:
    """Rotations of one shop; no PIN is set, so that the command needs none."""

    clock: Clock
    chance: Random
    life: Callable[[], Life | None]
    rotations: int = 0
    """Rotations that the program has answered with `ok`."""
    unanswered: int = 0
    """Commands that a kill or the end met; their keys may be stored or not."""
    refused: list[str] = field(default_factory=list)
    """Codes of the refusals."""
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        while True:
            await self.clock.wait(self._wanted, timedelta(seconds=self.chance.expovariate(1 / _MEAN_PAUSE)))
            self._wanted.clear()
            if life := self.life():
                await self._rotate(life)

    def request(self) -> None:
        """Ask for a rotation at once; `begun` and `over` then tell of it."""
        self.begun.clear()
        self.over.clear()
        self._wanted.set()

    async def _rotate(self, life: Life) -> None:
        self.begun.set()
        # Until the answer comes, if ever: the end of the kills may come first.
        self.unanswered += 1
        answer = await life.say(command="rotate_keys")
        self.over.set()
        if answer is None:
            return
        self.unanswered -= 1
        if answer["ok"]:
            self.rotations += 1
        else:
            self.refused.append(str(answer["code"]))
