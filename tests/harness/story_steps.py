"""Steps common to all random stories."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from app.domain.attempt import Outcome
from tests.harness.shop import Shop


class OfOneShop(Protocol):
    """A story: its shop as it is in this life, and how many lives there have been."""

    shop: Shop
    lives: int


@dataclass(frozen=True)
class Turns:
    """Run the loop a few rounds, so that started work is half done."""

    count: int

    async def __call__(self, story: OfOneShop) -> None:
        assert story.lives
        for _ in range(self.count):
            await asyncio.sleep(0)  # noqa: TID251 - waits for no time


@dataclass(frozen=True)
class Hold:
    held: bool

    async def __call__(self, story: OfOneShop) -> None:
        gate = story.shop.messenger.gate
        (gate.clear if self.held else gate.set)()


@dataclass(frozen=True)
class Answer:
    outcome: Outcome

    async def __call__(self, story: OfOneShop) -> None:
        story.shop.messenger.outcomes.append(self.outcome)


@dataclass(frozen=True)
class Wait:
    seconds: int

    async def __call__(self, story: OfOneShop) -> None:
        await story.shop.pass_time(seconds=self.seconds)
