"""Gauge of a rate limit's remaining allowance: bar, figures and word."""

from typing import Final, assert_never

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.services.text.rate_limit_text import LimitReading, UsageLevel
from app.ui.chip_pixmap import chip_pixmap
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme

_HEIGHT: Final = 12
_QUARTERS: Final = 4


class UsageGauge(QWidget):
    """Gauge, readable by a screen reader too; `noted` leaves room for the source of the allowance."""

    def __init__(self, theme: Theme, *, noted: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name, self._figures, self._word, self._note = (
            PlainLabel(),
            PlainLabel(),
            PlainLabel(),
            PlainLabel(),
        )
        self._figures.setProperty("role", "strong")
        self._name.setProperty("role", "muted")
        self._note.setProperty("role", "small")
        self._note.setWordWrap(True)
        self._note.setVisible(noted)
        self._bar = _Bar(theme)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        layout.addWidget(self._name, 0, 0, 1, 2)
        layout.addWidget(self._figures, 1, 0)
        layout.addWidget(self._word, 1, 1, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._bar, 2, 0, 1, 2)
        layout.addWidget(self._note, 3, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
        layout.setRowStretch(3, 1)

    def show_reading(self, reading: LimitReading) -> None:
        icon, tone = _icon_and_tone(reading.fuel)
        self._name.setText(reading.name)
        self._figures.setText(reading.figures)
        self._note.setText(reading.note)
        drawn = chip_pixmap(icon, reading.word, self._theme.colours_of(tone), self.devicePixelRatioF())
        self._word.setPixmap(drawn)
        self._word.setAccessibleName(reading.word)
        self._bar.show_share(reading.share_left, tone)
        self.setAccessibleName(f"{reading.name}: {reading.figures}, {reading.word}")
        self.setAccessibleDescription(reading.note)


def _icon_and_tone(level: UsageLevel) -> tuple[str, Tone]:
    match level:
        case UsageLevel.FREE | UsageLevel.PLENTY:
            return "circle-check", Tone.GOOD
        case UsageLevel.LOW:
            return "triangle-alert", Tone.WAIT
        case UsageLevel.EMPTY:
            return "circle-slash", Tone.BAD
        case UsageLevel.HELD:
            return "hourglass", Tone.WAIT
        case _:
            assert_never(level)


class _Bar(QWidget):
    """Bar with marked quarters, filled up to the remaining share."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._share, self._tone = theme, 1.0, Tone.GOOD
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, tone: Tone) -> None:
        self._share, self._tone = share, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        palette = self._theme.palette
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(frame, _HEIGHT / 2, _HEIGHT / 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outline, QColor(palette.raised))
        painter.setClipPath(outline)
        left = QRectF(frame.left(), frame.top(), frame.width() * self._share, frame.height())
        painter.fillRect(left, QColor(self._theme.colours_of(self._tone).foreground))
        for quarter in range(1, _QUARTERS):
            at = frame.left() + frame.width() * quarter / _QUARTERS
            painter.fillRect(QRectF(at - 1, frame.top(), 2, frame.height()), QColor(palette.card))
        painter.setClipping(False)
        painter.strokePath(outline, QPen(QColor(palette.field_line), 1))
