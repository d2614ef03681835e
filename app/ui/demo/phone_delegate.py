"""Item delegate of the phone list: initial, name, last message, time, unread count."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.demo.phone_list_model import PhoneListModel, PhoneRow
from app.ui.palette import Tone
from app.ui.theme import Theme, app_font

_HEIGHT = 64
_MARGIN = 12
_AVATAR = 40


class PhoneDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: PhoneListModel) -> None:
        super().__init__(model)
        self._theme, self._model = theme, model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del index
        return QSize(option.rect.width(), _HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, colours, place = self._model.row(index.row()), self._theme.palette, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        if state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus):
            painter.fillRect(place, QColor(colours.raised))
        painter.setPen(QColor(colours.line))
        painter.drawLine(place.bottomLeft() + QPoint(_MARGIN * 2 + _AVATAR, 0), place.bottomRight())
        paint_avatar(
            painter, self._theme, QPoint(place.left() + _MARGIN, place.top() + _MARGIN), row.phone.name
        )
        left = place.left() + _MARGIN * 2 + _AVATAR
        words = QRect(left, place.top() + 10, place.right() - _MARGIN - left, _HEIGHT - 20)
        self._paint_name(painter, words, row)
        self._paint_last(painter, words, row)
        painter.restore()

    def _paint_name(self, painter: QPainter, words: QRect, row: PhoneRow) -> None:
        colours = self._theme.palette
        painter.setFont(app_font(12))
        painter.setPen(QColor(self._theme.colours_of(Tone.GOOD).foreground if row.unread else colours.muted))
        top = Qt.AlignmentFlag.AlignTop
        painter.drawText(words, top | Qt.AlignmentFlag.AlignRight, row.time)
        taken = painter.fontMetrics().horizontalAdvance(row.time) + 8
        weight = QFont.Weight.DemiBold if row.unread else QFont.Weight.Medium
        painter.setPen(QColor(colours.text))
        _paint_line(painter, app_font(14, weight), words.adjusted(0, 0, -taken, 0), top, row.phone.name)

    def _paint_last(self, painter: QPainter, words: QRect, row: PhoneRow) -> None:
        bottom, taken = Qt.AlignmentFlag.AlignBottom, 0
        if row.unread:
            taken = 28
            tone_colours = self._theme.colours_of(Tone.GOOD)
            spot = QRect(words.right() - 19, words.bottom() - 19, 20, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone_colours.foreground))
            painter.drawEllipse(spot)
            painter.setPen(QColor(tone_colours.background))
            painter.setFont(app_font(12, QFont.Weight.DemiBold))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(min(row.unread, 99)))
        painter.setPen(QColor(self._theme.palette.muted))
        _paint_line(painter, app_font(13), words.adjusted(0, 0, -taken, 0), bottom, row.last)


def paint_avatar(painter: QPainter, theme: Theme, at: QPoint, name: str) -> None:
    """Paint a round avatar with the initial of the name."""
    tone_colours = theme.colours_of(Tone.GOING)
    circle = QRect(at, QSize(_AVATAR, _AVATAR))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone_colours.background))
    painter.drawEllipse(circle)
    painter.setPen(QColor(tone_colours.foreground))
    painter.setFont(app_font(16, QFont.Weight.DemiBold))
    painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, name[:1].upper())


def _paint_line(painter: QPainter, font: QFont, place: QRect, edge: Qt.AlignmentFlag, text: str) -> None:
    painter.setFont(font)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, edge | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, shown)
