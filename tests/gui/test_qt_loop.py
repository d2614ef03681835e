"""Event loop on Qt: asyncio's guarantees, and reference counts of the binding."""

import asyncio
import sys

from PySide6.QtCore import QObject

from tests.gui.conftest import Run


def test_a_pause_is_never_shorter_than_asked(arun: Run) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        for length in (0.0101, 0.05, 0.25):
            began = loop.time()
            await asyncio.sleep(length)  # noqa: TID251 - it is the loop's own pause that is measured
            assert loop.time() - began >= length

    arun(story())


def test_the_binding_keeps_none_alive() -> None:
    """6.12.0 lost one reference to None per call, until the interpreter died (desktop: PySide6 below 6.12)."""
    qt_object = QObject()
    before = sys.getrefcount(None)
    for _ in range(300):
        qt_object.setObjectName("x")
    assert sys.getrefcount(None) > before - 100
