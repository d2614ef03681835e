"""Feeds the sidecar's door and `config.toml` with chance, and counts the inputs that ended in an unexpected error."""

import asyncio
import logging
from pathlib import Path
from random import Random  # noqa: TID251 - from a seed

from app.adapters.whatsapp.line_codec import LONGEST_LINE
from app.adapters.whatsapp.node_command import NodeCommand
from app.adapters.whatsapp.rpc_peer import RpcPeer
from app.adapters.whatsapp.session_link import SessionDependencies, SessionLink
from app.config import CONFIG_FILE, read_settings, unknown_settings
from app.domain.errors import BadSettingError
from tests.fuzz.fuzzed_config import made_config
from tests.fuzz.fuzzed_wire import made_wire_line
from tests.fuzz.runs import Goes, Outcome
from tests.harness.shop import MAIN, Shop, open_shop
from tests.simulators.moved_clock import let_tasks_run

_LINES_A_SHOP = 300
_LOG = logging.getLogger("tests.fuzz.wire")


class _Answers:
    """The writing end of the peer: counts its answers."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def write(self, lines: bytes) -> None:
        for line in lines.splitlines():
            self._outcome.answers["refused" if b'"error"' in line else "answered"] += 1


class _Failures(logging.Handler):
    """Records of errors while the door is fed; the last line stands beside each."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(logging.ERROR)
        self._outcome = outcome
        self.line = b""

    def emit(self, record: logging.LogRecord) -> None:
        self._outcome.unhandled.append(f"{record.getMessage()}: {self.line!r}")


async def fuzz_wire(chance: Random, goes: Goes) -> Outcome:
    """Feed a sidecar's lines to the session of a shop in memory; a new shop now and then."""
    outcome = Outcome()
    failures = _Failures(outcome)
    _LOG.addHandler(failures)
    try:
        while goes(outcome.count):
            async with open_shop(seed=chance.randrange(2**31)) as shop:
                await _feed(shop, chance, goes, failures, outcome)
    finally:
        _LOG.removeHandler(failures)
    return outcome


async def _feed(shop: Shop, chance: Random, goes: Goes, failures: _Failures, outcome: Outcome) -> None:
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    command = NodeCommand(node=Path("none"), bundle=Path("none"))
    around = SessionDependencies(command, shop.store, shop.messenger.listener, shop.clock, _LOG)
    link = SessionLink(MAIN, around)
    peer = RpcPeer(reader, _Answers(outcome), link, shop.clock, _LOG)  # type: ignore[arg-type]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(link._lanes.run())
        tasks.create_task(peer.serve())
        for _ in range(_LINES_A_SHOP):
            if not goes(outcome.count):
                break
            failures.line = made_wire_line(chance)
            reader.feed_data(failures.line.replace(b"\n", b" ") + b"\n")
            outcome.count += 1
            await let_tasks_run()
        reader.feed_eof()
        link._lanes.finish()


def fuzz_config(chance: Random, goes: Goes, folder: Path) -> Outcome:
    """Read settings from files of chance; a wrong one is refused by name."""
    outcome = Outcome()
    while goes(outcome.count):
        content = made_config(chance)
        (folder / CONFIG_FILE).write_bytes(content)
        outcome.count += 1
        try:
            read_settings(folder)
            said = f"{min(len(unknown_settings(folder)), 1)} unknown"
        except BadSettingError as error:
            said = str(error.facts.get("reason", "refused"))
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            said = f"raised {type(error).__name__}"
            outcome.unhandled.append(f"{said}: {content!r}")
        outcome.answers[said] += 1
    return outcome


def run_wire(seed: int, goes: Goes) -> Outcome:
    return asyncio.run(fuzz_wire(Random(seed), goes))  # noqa: S311 - chance with a seed


def run_config(seed: int, goes: Goes, folder: Path) -> Outcome:
    return fuzz_config(Random(seed), goes, folder)  # noqa: S311 - chance with a seed
