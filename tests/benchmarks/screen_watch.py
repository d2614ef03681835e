"""Watches a window: when what a key or a wheel changed has been painted, and for how long its loop did not turn."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QWidget

from app.adapters.system.clock import SystemClock
from tests.harness.waiting import wait_until

_CLOCK: Final = SystemClock()
_BEAT_MILLISECONDS: Final = 5
_WHEEL: Final = QPoint(0, -120)
# Between two ticks of a wheel that is turned fast.
_TICK: Final = timedelta(milliseconds=16)


def now_ms() -> float:
    return _CLOCK.steady() / timedelta(milliseconds=1)


class PaintWatch(QObject):
    """Handles the window's own update requests, in which all that is due is painted, and notes how long each took."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.frames: list[float] = []
        self._painted = asyncio.Event()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        began = now_ms()
        watched.event(event)
        self.frames.append(now_ms() - began)
        self._painted.set()
        return True

    async def painted(self, act: Callable[[], None]) -> float:
        """Return the milliseconds from the act until the next painting after it is done."""
        began = now_ms()
        act()
        self._painted.clear()
        await asyncio.wait_for(self._painted.wait(), 60)
        return now_ms() - began

    async def painted_when(self, act: Callable[[], None], done: Callable[[], object]) -> float:
        """Return the milliseconds from the act until its effect is there and painted."""
        began = now_ms()
        act()
        await wait_until(done, 600)
        self._painted.clear()
        for widget in QApplication.topLevelWidgets():
            widget.update()
        await asyncio.wait_for(self._painted.wait(), 60)
        return now_ms() - began


async def a_tick() -> None:
    await _CLOCK.sleep(_TICK)


@dataclass
class Stall:
    """Longest time for which the loop handled no timer that was due."""

    longest: float = 0.0
    _last: float = field(default_factory=now_ms)

    def beat(self) -> None:
        at = now_ms()
        self.longest, self._last = max(self.longest, at - self._last - _BEAT_MILLISECONDS), at


@contextmanager
def watched_loop() -> Iterator[Stall]:
    stall, timer = Stall(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(stall.beat)
    timer.start(_BEAT_MILLISECONDS)
    yield stall
    stall.beat()
    timer.stop()


async def arrow_down(watch: PaintWatch, view: QListView, times: int) -> list[float]:
    """Return each key's time until it was painted; the next is pressed when the loop is at rest."""
    view.setFocus()
    found = list[float]()
    for _ in range(times):
        found.append(await watch.painted(lambda: QTest.keyClick(view, Qt.Key.Key_Down)))
        await a_tick()
    return found


async def scroll(watch: PaintWatch, view: QListView, times: int) -> list[float]:
    """Return each frame's work while the wheel is turned: handling a tick, or painting."""
    watch.frames.clear()
    ticks = list[float]()
    viewport = view.viewport()
    where = QPointF(viewport.rect().center())
    for _ in range(times):
        began, before = now_ms(), view.verticalScrollBar().value()
        QApplication.sendEvent(viewport, _tick_of_wheel(viewport, where))
        ticks.append(now_ms() - began)
        if view.verticalScrollBar().value() == before:
            view.verticalScrollBar().setValue(0)
        await a_tick()
    return [*ticks, *watch.frames]


def _tick_of_wheel(viewport: QWidget, where: QPointF) -> QWheelEvent:
    shown_at, no_button, no_key = (
        viewport.mapToGlobal(where),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    return QWheelEvent(
        where, shown_at, QPoint(), _WHEEL, no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False
    )
