"""Chat bubble, painted as on the customer's phone."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextDocument
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ports.training import ChatMessage
from app.ui.language import hour
from app.ui.message_text import message_html
from app.ui.palette import Tone
from app.ui.theme import Theme, app_font

_PADDING = 10
_WIDEST_SHARE = 0.84
_ROUND = 8
_TIME = 16


class Bubble(QWidget):
    """Bubble of one message: the shop's to the left, the customer's to the right."""

    def __init__(self, message: ChatMessage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message, self._theme = message, theme
        self._document = QTextDocument(self)
        self._document.setDocumentMargin(0)
        self._document.setDefaultFont(app_font(14))
        self._fill()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        who = self.tr("Loja") if message.from_shop else self.tr("Cliente")
        self.setAccessibleName(f"{who}, {hour(message.at)}: {message.text}")
        theme.changed.connect(self._fill)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        self._wrap(width)
        return int(self._document.size().height()) + 2 * _PADDING + _TIME

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        self._wrap(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = max(self._document.idealWidth(), 64.0) + 2 * _PADDING
        left = 0.5 if self._message.from_shop else self.width() - wide - 0.5
        box = QRectF(left, 0.5, wide, self.height() - 1)
        painter.setPen(QColor(self._theme.palette.line))
        painter.setBrush(QColor(self._background()))
        painter.drawRoundedRect(box, _ROUND, _ROUND)
        painter.setPen(QColor(self._theme.palette.muted))
        painter.setFont(app_font(12))
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(box.adjusted(0, 0, -_PADDING, -6), corner, hour(self._message.at))
        painter.translate(box.topLeft() + QPointF(_PADDING, _PADDING - 2))
        self._document.drawContents(painter)

    def _background(self) -> str:
        return (
            self._theme.palette.card
            if self._message.from_shop
            else self._theme.colours_of(Tone.GOOD).background
        )

    def _wrap(self, width: int) -> None:
        self._document.setTextWidth(-1)
        widest = width * _WIDEST_SHARE - 2 * _PADDING
        self._document.setTextWidth(min(self._document.idealWidth(), widest))

    def _fill(self) -> None:
        colour = self._theme.palette.text
        style = f"color: {colour}; white-space: pre-wrap;"
        self._document.setHtml(f'<div style="{style}">{message_html(self._message.text)}</div>')
        self.update()
