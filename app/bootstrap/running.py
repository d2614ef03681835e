"""Entry of the bootstrap: runs a front end, the self-test or a database copy.

Each imports its own part of the program when it runs, because imports are most of a window's start.
"""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.adapters.system.core_dumps import forbid_core_dumps
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.shop import open_shop, training_store
from app.bootstrap.windowed import NAME_WITHOUT_SETTINGS, run_windowed
from app.ports.training import TrainingWorld
from app.services.runtime.core import Core
from app.ui.opening import open_hidden_screen, qt_belongs_here


def run(options: Options) -> int:
    """Run the options and return the exit code.

    Raises FatalError with the reason of a refusal, KeyboardInterrupt when asked to end.
    """
    forbid_core_dumps()
    # Records before the log is open, or after it is closed, must not reach a person's terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    if options.self_test:
        _collect_garbage_again()
        return _self_test()
    if options.on_database:
        _collect_garbage_again()
        return _on_database(options)
    return asyncio.run(_until_stopped(options)) if options.headless else run_windowed(options)


def _collect_garbage_again() -> None:
    """End the pause that `main.py` began; collections skip the start's objects, which live as long as the program."""
    gc.freeze()
    gc.enable()


def _on_database(options: Options) -> int:
    """Run a command on the database of a closed program."""
    from app.bootstrap.backups import back_up, restore  # noqa: PLC0415 - no start of a shop needs it
    from app.bootstrap.pin_reset import reset  # noqa: PLC0415 - nor this
    from app.bootstrap.recovery import recover_from_stdin  # noqa: PLC0415 - nor this

    if options.reset_pin:
        return reset(options)
    if options.recover:
        return recover_from_stdin(options)
    if options.backup:
        return back_up(options, options.backup)
    assert options.restore  # noqa: S101 - `on_database` says so
    return restore(options, options.restore)


def _self_test() -> int:
    """Run the self-test on the window's own event loop, where there is one."""
    from app.headless.self_test import SelfTestSetup, run_self_test  # noqa: PLC0415 - no start of a shop needs it

    screen = open_hidden_screen(sentences(), NAME_WITHOUT_SETTINGS)
    setup = SelfTestSetup(
        training_store, _training_shop, screen.draw if screen else None, with_qt=qt_belongs_here()
    )
    return run_self_test(setup, sentences(), screen.run if screen else asyncio.run)


@asynccontextmanager
async def _training_shop(folder: Path) -> AsyncIterator[tuple[Core, TrainingWorld]]:
    async with open_shop(Options(demo=True, headless=True, data_dir=folder, self_test=True)) as shop:
        assert shop.world  # noqa: S101 - every training has one
        yield shop.core, shop.world


async def _until_stopped(options: Options) -> int:
    """Run a front end; SIGTERM, like Ctrl-C, lets work in flight finish and closes all parts."""
    if (work := asyncio.current_task()) and sys.platform != "win32":
        for asked in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(asked, work.cancel)
    try:
        return await _front_end(options)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _front_end(options: Options) -> int:
    from app.headless.demo import Demo  # noqa: PLC0415 - nor this, which draws with rich
    from app.headless.json_lines_loop import JsonLinesLoop  # noqa: PLC0415 - no window needs it
    from app.headless.line_output import writer_to  # noqa: PLC0415 - nor this

    async with open_shop(options) as shop:
        _collect_garbage_again()
        for name in shop.unknown_settings:
            sys.stderr.write(f"{sentences().of_code('unknown_setting', {'name': name})}\n")
        if shop.world and options.demo:
            demo = Demo(shop.core, shop.world, sentences(), options.orders, as_json=options.as_json)
            return 0 if await demo.run() else 1
        loop = JsonLinesLoop(shop.core, sentences(), writer_to(sys.stdout.fileno()))
        try:
            async with shop.core:
                await loop.run(sys.stdin.fileno())
        finally:
            loop.close()
        return 0
