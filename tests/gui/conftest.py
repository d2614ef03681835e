"""Fixtures of the GUI tests: offscreen platform, event loop, theme."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = "pyside6"

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.language import install_portuguese
from app.ui.palette import LIGHT
from app.ui.qt_loop import new_loop
from app.ui.theme import Theme

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(scope="session", autouse=True)
def nothing_old_is_looked_at_again() -> Iterator[None]:
    """Freeze imported objects, so that no collection walks through them.

    Automatic collection is off: it might run in the database's thread, where a widget must not be destroyed.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def no_garbage_for_other_threads() -> Iterator[None]:
    """Collect a test's widgets at its end, not later in the database's thread."""
    gc.disable()  # an application that ended in the last test has enabled it
    yield
    gc.disable()
    gc.collect()


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    qapp.setQuitOnLastWindowClosed(False)
    install_portuguese(qapp)
    made = Theme(qapp)
    made.apply_palette(LIGHT)
    return made


@pytest.fixture
def qloop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """Event loop of the product; remaining tasks are cancelled at the end."""
    loop = new_loop(qapp)
    yield loop
    if loop.is_closed():
        return
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def arun(qloop: asyncio.AbstractEventLoop) -> Run:
    """Run a coroutine, for at most ten seconds."""
    return lambda work: qloop.run_until_complete(asyncio.wait_for(work, 10))
