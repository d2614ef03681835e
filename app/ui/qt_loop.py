"""The one event loop, asyncio on Qt's, with timers that are never early."""

import asyncio
import math

import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication


def _add_precise(timer: qasync._SimpleTimer, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
    """The library takes coarse timers and cuts milliseconds off: a pause of a minute could end three seconds early."""
    milliseconds = math.ceil(max(0.0, delay) * 1000)
    timer_id = timer.startTimer(milliseconds, Qt.TimerType.PreciseTimer)
    timer._SimpleTimer__callbacks[timer_id] = handle
    return handle


def new_loop(app: QApplication) -> asyncio.AbstractEventLoop:
    """Set as the thread's loop; whoever asked for it closes it."""
    qasync._SimpleTimer.add_callback = _add_precise
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    return loop
