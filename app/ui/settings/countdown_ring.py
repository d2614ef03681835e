"""Countdown ring of the QR code, with the seconds left in it."""

import math
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ports.clock import Clock
from app.ui.theme import Theme, app_font

_SIDE = 44
_REFRESH_MILLISECONDS = 250


class CountdownRing(QWidget):
    """Ring drawn from the clock's time, so that a late timer does not falsify it."""

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._clock = theme, clock
        self._until: datetime | None = None
        self._whole = timedelta(seconds=1)
        self.setFixedSize(_SIDE, _SIDE)
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh)
        theme.changed.connect(self.update)

    def count_down(self, until: datetime) -> None:
        """Start the countdown: full now, empty at `until`."""
        if until != self._until:
            self._until = until
            self._whole = max(until - self._clock.now(), timedelta(seconds=1))
            self._timer.start()
            self._refresh()

    def stop(self) -> None:
        self._until = None
        self._timer.stop()
        self.update()

    @property
    def left(self) -> timedelta:
        """Return the time left, never negative."""
        if self._until is None:
            return timedelta(0)
        return max(self._until - self._clock.now(), timedelta(0))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        colours, painter = self._theme.palette, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(QPen(QColor(colours.line), 4))
        painter.drawEllipse(ring)
        share = min(self.left / self._whole, 1.0)
        painter.setPen(QPen(QColor(colours.accent), 4, c=Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, 90 * 16, round(share * 360 * 16))
        painter.setPen(QColor(colours.text))
        painter.setFont(app_font(14, QFont.Weight.DemiBold))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._seconds()))

    def _refresh(self) -> None:
        self.setAccessibleName(self.tr("Este código vale por mais {count} s").format(count=self._seconds()))
        self.update()

    def _seconds(self) -> int:
        return math.ceil(self.left.total_seconds())
