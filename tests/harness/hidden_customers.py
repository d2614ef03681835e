"""Customers whose number WhatsApp hides, and a shop that is closed and opened again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from app.domain.account import CouldNotAsk, NumberAnswer, WhatsAppAccount
from app.domain.lid import Lid
from app.domain.phone import Phone
from app.ports.messenger import SeenAccount
from tests.harness.customer_words import ANA
from tests.harness.greeted_shop import JID
from tests.harness.shop import PATIENT, Shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

HIDDEN: Final = Lid("4711@lid")
OTHER: Final = Lid("815@lid")
FOUND: Final = WhatsAppAccount(JID, HIDDEN.text)
UNASKED: Final = CouldNotAsk("timeout")

Story = Callable[[Shop], Awaitable[None]]


def in_lives(*lives: Story | tuple[NumberAnswer, Story]) -> None:
    """Run each story in a new life of one shop; the store is what was on disk when the life before ended.

    The answer is WhatsApp's about Ana's number.
    """

    async def days() -> None:
        store, clock = MemoryStore(), MovedClock()
        for seed, life in enumerate(lives):
            answers, story = ({ANA: life[0]}, life[1]) if isinstance(life, tuple) else ({}, life)
            choices = shop_choices(queue=PATIENT)
            async with open_shop(
                store=store, clock=clock, seed=seed, choices=choices, prepare=_answering(answers)
            ) as shop:
                await story(shop)
                store = store.copy()

    asyncio.run(days())


def _answering(answers: dict[Phone, NumberAnswer]) -> Callable[[ScriptedMessenger], None]:
    return lambda messenger: messenger.answers.update(answers)


async def see_account(shop: Shop, seen: SeenAccount | None = None, **changes: Any) -> None:
    await shop.messenger.see(replace(seen or SeenAccount(ANA, HIDDEN), **changes))
    await let_tasks_run()
