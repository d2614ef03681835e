"""Self-test: tries the whole program on this computer, step by step, and reports each step."""

import asyncio
import faulthandler
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TextIO

from app.domain.errors import CocoLokoError, NotConnectedError
from app.headless.demo_report import report
from app.headless.import_check import import_every_module
from app.ports.store import Store
from app.ports.training import TrainingWorld
from app.services.runtime.core import Core
from app.services.runtime.training import pair_with_owner
from app.services.text.message_catalog import MessageCatalog

STEPS: Final = ("modules", "database", "sidecar", "pairing", "message", "window")
_STEP_WITHIN: Final = timedelta(seconds=20)
_ALL_WITHIN: Final = timedelta(seconds=60)
_PICTURE: Final = "window.png"
_KEPT: Final = ("self_test", "açaí")
_ORDERS: Final = 1


@dataclass(frozen=True, slots=True)
class SelfTestSetup:
    """Factories of the parts of the product, each for a folder; `draw_window` is None without Qt."""

    open_store: Callable[[Path], Store]
    open_shop: Callable[[Path], AbstractAsyncContextManager[tuple[Core, TrainingWorld]]]
    draw_window: Callable[[Core, Path], Awaitable[None]] | None
    with_qt: bool


def run_self_test(
    setup: SelfTestSetup, sentences: MessageCatalog, run: Callable[[Coroutine[None, None, bool]], bool]
) -> int:
    """Run the self-test in a temporary folder; return the exit code, 0 for a complete program.

    `run` provides the event loop.
    """
    # A step that hangs until then, in any thread, ends the process with its traceback.
    faulthandler.dump_traceback_later(_ALL_WITHIN.total_seconds(), exit=True)
    try:
        with TemporaryDirectory(prefix="coco-balcao-", ignore_cleanup_errors=True) as folder:
            return 0 if run(SelfTest(setup, Path(folder), sentences, sys.stdout).run()) else 1
    finally:
        faulthandler.cancel_dump_traceback_later()


class SelfTest:
    """Self-test in steps; a step that depends on a failed one is skipped."""

    def __init__(self, setup: SelfTestSetup, folder: Path, sentences: MessageCatalog, out: TextIO) -> None:
        self._setup, self._folder, self._sentences, self._out = setup, folder, sentences, out
        self._left = list(STEPS)
        self._good = True

    async def run(self) -> bool:
        """Run all steps; return whether all succeeded."""
        with suppress(_StepFailedError):
            async with self._step("modules"):
                import_every_module(with_qt=self._setup.with_qt)
        with suppress(_StepFailedError):
            async with self._step("database"):
                await self._make_and_reopen()
            await self._go_to_work()
        for name in self._left:
            self._say("–", name)
        self._say("✓" if self._good else "✗", "whole" if self._good else "broken")
        return self._good

    async def _make_and_reopen(self) -> None:
        made = self._setup.open_store(self._folder)
        await made.transact(lambda rows: rows.settings.set(*_KEPT))
        await made.close()
        reopened = self._setup.open_store(self._folder)
        kept = await reopened.read(lambda rows: rows.settings.get(_KEPT[0]))
        await reopened.close()
        _expect(kept == _KEPT[1], "the database forgot")

    async def _go_to_work(self) -> None:
        async with AsyncExitStack() as opened:
            async with self._step("sidecar"):
                core, world = await opened.enter_async_context(self._setup.open_shop(self._folder))
                await opened.enter_async_context(core)
                await core.connection.pair()
                await core.background.messenger.ping(core.connection.get_connection_status().session_id)
            async with self._step("pairing"):
                if not await pair_with_owner(core, world, _STEP_WITHIN):
                    raise NotConnectedError
            async with self._step("message"):
                await _tell_a_customer(core, world)
            if self._setup.draw_window:
                async with self._step("window"):
                    await self._setup.draw_window(core, self._folder / _PICTURE)

    @asynccontextmanager
    async def _step(self, name: str) -> AsyncIterator[None]:
        self._left.remove(name)
        try:
            async with asyncio.timeout(_STEP_WITHIN.total_seconds()):
                yield
        except CocoLokoError as error:
            self._fail(name, self._sentences.of_error(error).text)
        except TimeoutError:
            self._fail(name, self._sentences.say("self_test", "too_slow"))
        except Exception as error:  # noqa: BLE001 - every failure is a result of the test
            # Printed safely: the customers of a self-test are invented.
            traceback.print_exc()
            self._fail(name, type(error).__name__)
        else:
            self._say("✓", name)

    def _fail(self, name: str, reason: str) -> None:
        self._good = False
        self._say("✗", name, f": {reason}")
        raise _StepFailedError from None

    def _say(self, sign: str, name: str, more: str = "") -> None:
        self._out.write(f"{sign} {self._sentences.say('self_test', name)}{more}\n")
        self._out.flush()


async def _tell_a_customer(core: Core, world: TrainingWorld) -> None:
    """Run one order to its end; compare each message, decrypted at the customer's phone, with ours."""
    await core.watcher.watch(await world.rush(_ORDERS, {}))
    notifications = await core.board.notifications(world.order_ids(_ORDERS))
    _expect(
        report(_ORDERS, notifications, await world.tally(), 0).shown_once, "the phone shows something else"
    )


def _expect(promise: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not promise:
        raise AssertionError(otherwise)


class _StepFailedError(Exception):
    """Failure of a step that is reported already."""
