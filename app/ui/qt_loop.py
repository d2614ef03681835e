"""Asyncio event loop on top of Qt's, with timers that are never early."""

import asyncio
import math

import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication


def _add_precise(timer: qasync._SimpleTimer, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
    """Start a precise timer, rounded up to milliseconds.

    qasync takes coarse timers and truncates milliseconds: a pause of a minute could end three seconds early.
    """
    milliseconds = math.ceil(max(0.0, delay) * 1000)
    timer_id = timer.startTimer(milliseconds, Qt.TimerType.PreciseTimer)
    timer._SimpleTimer__callbacks[timer_id] = handle
    return handle


def new_loop(app: QApplication) -> asyncio.AbstractEventLoop:
    """Create the loop and set it as the thread's; the caller closes it."""
    qasync._SimpleTimer.add_callback = _add_precise
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    return loop
