"""Feeds the program with what chance has made, and counts what it did not deal with."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251 - from a seed

from app.adapters.system.clock import SystemClock
from app.domain.errors import NotAllowedNowError, UnknownCommandError
from app.headless.command_executor import CommandExecutor
from app.headless.commands import read_command
from app.headless.refused_line import decoded, id_of
from app.services.text.message_catalog import MessageCatalog
from tests.fuzz.fuzzed_lines import made_line
from tests.fuzz.fuzzed_messages import made_message
from tests.harness.shop import open_shop
from tests.harness.sidecar_shop import ANA, open_sidecar_shop
from tests.integration.test_replies_with_real_sidecar import until_replied
from tests.simulators.moved_clock import let_tasks_run

SAY = MessageCatalog(Path("resources/i18n/sentences.pt-BR.json").read_text(encoding="utf-8"))
_LINES_A_SHOP = 500
_MESSAGES_A_ROUND = 40
Goes = Callable[[int], bool]
"""Whether to go on after so many."""


@dataclass
class Outcome:
    """How many inputs there were, how they were answered, and those that nobody had thought of."""

    count: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    unhandled: list[str] = field(default_factory=list)


# Said by Baileys after a pairing, and of what it cannot make sense of; we have taken that in before.
_EXPECTED = (
    "sidecar: stream errored out",
    "sidecar: failed to decrypt message",
    "sidecar: transaction failed, rolling back",
    "sidecar: error in handling message",
)


class ErrorLog(logging.Handler):
    """Errors in the log while the program is fed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not (said := record.getMessage()).startswith(_EXPECTED):
            self.said.append(said)


def goes_for(seconds: float) -> Goes:
    clock = SystemClock()
    begun = clock.steady()
    return lambda _: (clock.steady() - begun).total_seconds() < seconds


async def fuzz_lines(chance: Random, goes: Goes) -> Outcome:
    """Feed lines to the command door of a shop in memory; a new shop now and then."""
    outcome = Outcome()
    while goes(outcome.count):
        async with open_shop(seed=chance.randrange(2**31)) as shop:
            executor = CommandExecutor(shop.core, SAY)
            for _ in range(_LINES_A_SHOP):
                if not goes(outcome.count):
                    break
                line = made_line(chance)
                outcome.count += 1
                try:
                    said = await _answer(executor, line)
                except Exception as error:  # noqa: BLE001 - this is what is looked for
                    said = f"raised {type(error).__name__}"
                outcome.answers[said] += 1
                if said == "unexpected" or said.startswith("raised"):
                    outcome.unhandled.append(f"{said}: {line!r}")
            await let_tasks_run()
    return outcome


async def _answer(executor: CommandExecutor, line: bytes) -> str:
    id_of(line)
    try:
        command = read_command(decoded(line))
    except UnknownCommandError as error:
        return str(executor.refusal(error)["error"])
    return str((await executor.execute(command)).get("error", "ok"))


async def fuzz_messages(chance: Random, goes: Goes, folder: Path) -> Outcome:
    """Let a simulated customer write; after each round an ordinary text must still come through, whole."""
    outcome, log = Outcome(), ErrorLog()
    async with open_sidecar_shop(folder) as shop:
        logging.getLogger().addHandler(log)
        try:
            order = shop.order(1)
            await shop.core.watcher.store_and_notify(order)
            known: list[str] = []
            while goes(outcome.count):
                for _ in range(_MESSAGES_A_ROUND):
                    fields = made_message(chance, known)
                    try:
                        written = await shop.whatsapp.admin.post("inbound", number=ANA.number, **fields)
                    except NotAllowedNowError as refused:
                        outcome.unhandled.append(f"the simulator refused {fields}: {refused}")
                        continue
                    known = [*known[-20:], written["id"]]
                    outcome.count += 1
                    outcome.answers[fields["kind"] if "raw" not in fields else "raw"] += 1
                mark = f"MARK{outcome.count}"
                await shop.whatsapp.admin.post("inbound", number=ANA.number, text="oi", id=mark)
                try:
                    await until_replied(shop, order.id, mark)
                except TimeoutError:
                    outcome.unhandled.append(f"nothing came through after {outcome.count}")
                    break
        finally:
            # Closing cuts the connection, on which a receipt or a retry may still be on its way.
            logging.getLogger().removeHandler(log)
    outcome.unhandled += log.said
    return outcome


def run_lines(seed: int, goes: Goes) -> Outcome:
    return asyncio.run(fuzz_lines(Random(seed), goes))  # noqa: S311 - chance with a seed


def run_messages(seed: int, goes: Goes, folder: Path) -> Outcome:
    return asyncio.run(fuzz_messages(Random(seed), goes, folder))  # noqa: S311 - chance with a seed
