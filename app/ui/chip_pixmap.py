"""Cache of the pixmaps of chips: a rounded label with an icon and a word."""

from functools import lru_cache

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from app.ui.icons import pixmap
from app.ui.palette import ToneColours
from app.ui.theme import app_font

CHIP_HEIGHT = 26
_ICON = 15
_SIDE = 8


@lru_cache(maxsize=256)
def chip_pixmap(icon: str, word: str, tone_colours: ToneColours, ratio: float) -> QPixmap:
    """Return the pixmap of one chip; `icon` may be empty."""
    font = app_font(13, QFont.Weight.Medium)
    lead = _ICON + 5 if icon else 0
    width = _SIDE * 2 + lead + QFontMetrics(font).horizontalAdvance(word)
    drawn = QPixmap(round(width * ratio), round(CHIP_HEIGHT * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone_colours.background))
    painter.drawRoundedRect(QRectF(0, 0, width, CHIP_HEIGHT), CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
    if icon:
        painter.drawPixmap(
            QPoint(_SIDE, (CHIP_HEIGHT - _ICON) // 2), pixmap(icon, tone_colours.foreground, _ICON, ratio)
        )
    painter.setFont(font)
    painter.setPen(QColor(tone_colours.foreground))
    words = QRectF(_SIDE + lead, 0, width, CHIP_HEIGHT)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
    painter.end()
    return drawn


def chip_width(drawn: QPixmap) -> float:
    return drawn.width() / drawn.devicePixelRatio()
