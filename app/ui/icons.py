"""Bundled SVG icons, rendered in a given colour here only."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app import paths

_COUNTED = 64


def icon(name: str, colour: str, disabled: str | None = None) -> QIcon:
    """Return the icon for device pixel ratios 1, 1.5 and 2, `disabled` being the colour of that mode."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        made.addPixmap(pixmap(name, colour, 20, ratio))
        if disabled:
            made.addPixmap(pixmap(name, disabled, 20, ratio), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Render the icon; `size` is in logical pixels, `ratio` the device pixel ratio."""
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _drawing(name, colour).render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def counted_icon(count: int) -> QPixmap:
    """Render the coconut with a red badge that holds the count; without one at zero."""
    drawn = pixmap("coconut", "", _COUNTED)
    if not count:
        return drawn
    painter, badge = QPainter(drawn), QRectF(_COUNTED * 0.34, 0, _COUNTED * 0.66, _COUNTED * 0.6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#A9271E"))
    painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
    painter.setPen(QColor("#FFFFFF"))
    font = QFont(painter.font())
    font.setPixelSize(round(_COUNTED * 0.46))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(count) if count < 100 else "99")
    painter.end()
    return drawn


@cache
def _drawing(name: str, colour: str) -> QSvgRenderer:
    source = (paths.resources() / "icons" / f"{name}.svg").read_text("utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
