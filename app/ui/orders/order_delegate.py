"""Item delegate of the order list: paints an order as a card."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.order import STAGES
from app.services.orders.board_row import BoardRow, StageNotice
from app.ui.chip_pixmap import chip_pixmap, chip_width
from app.ui.language import hour
from app.ui.orders.hold_text import held_until, why_in_short
from app.ui.orders.order_list_model import OrderListModel
from app.ui.orders.order_text import age_of, items_line, step_word, table_word
from app.ui.orders.row_geometry import RowGeometry, StagePlace, geometry, row_height
from app.ui.orders.status_chip import HoldOf, QueueHold, pickup_chip_of, stage_word, status_chip_of
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.theme import app_font

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class _Fonts:
    number: QFont
    name: QFont
    text: QFont
    small: QFont
    button: QFont


class OrderDelegate(QStyledItemDelegate):
    """Delegate that takes whole rows from the model; `hovered` is the row whose button is hovered."""

    def __init__(self, context: PageContext, hold: HoldOf, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._hold = context, hold
        self.hovered = -1
        weight = QFont.Weight
        self._fonts = _Fonts(
            number=app_font(18, weight.Bold),
            name=app_font(15, weight.DemiBold),
            text=app_font(14),
            small=app_font(12, weight.Medium),
            button=app_font(14, weight.DemiBold),
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 0
        return QSize(0, row_height(width))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, OrderListModel):
            return
        row, rect = model.row(index.row()), option.rect
        state: QStyle.StateFlag = option.state
        places = geometry(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._card(painter, places.card, state, untold=row is not None and row.untold)
        if row is not None:
            self._words(painter, places, row)
            for place, stage, notice in zip(places.stages, STAGES, row.notices, strict=True):
                self._stage(painter, place, stage_word(stage), notice, timed=not places.narrow)
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            self._button(painter, places.button, row, filled=chosen or self.hovered == index.row())
        painter.restore()

    def _card(self, painter: QPainter, card: QRect, state: QStyle.StateFlag, *, untold: bool) -> None:
        palette = self._context.theme.palette
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        edge = QPen(QColor(palette.accent if chosen else palette.line), 2 if chosen else 1)
        painter.setPen(edge)
        painter.setBrush(QColor(palette.chosen if chosen else palette.card))
        inset = edge.widthF() / 2
        painter.drawRoundedRect(QRectF(card).adjusted(inset, inset, -inset, -inset), 8, 8)
        if untold:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.tones[Tone.BAD].foreground))
            painter.drawRoundedRect(QRectF(card.left() + 5, card.top() + 12, 4, card.height() - 24), 2, 2)

    def _words(self, painter: QPainter, places: RowGeometry, row: BoardRow) -> None:
        palette, order = self._context.theme.palette, row.order
        self._text(painter, places.number, f"#{order.number}", self._fonts.number, palette.text)
        age = age_of(order, self._context.core.clock.now())
        colour = palette.muted if age.tone is Tone.CALM else palette.tones[age.tone].foreground
        weight = self._fonts.text if age.tone is Tone.CALM else self._fonts.button
        self._text(painter, places.age, age.words, weight, colour)
        table = table_word(order)
        name = f"{order.customer_name} · {table}" if table else order.customer_name
        badge = self._badge(painter, places.name, row.unread)
        self._text(painter, places.name.adjusted(0, 0, -badge, 0), name, self._fonts.name, palette.text)
        chip = self._pickup(painter, places.line, row)
        self._second_line(painter, places.line.adjusted(chip, 0, 0, 0), row)

    def _second_line(self, painter: QPainter, line: QRect, row: BoardRow) -> None:
        """Paint why the present stage's message did not go or waits, else the items."""
        palette = self._context.theme.palette
        if row.untold and row.present and row.present.reason:
            said = self._context.sentences.of_reason(row.present.reason).text
            self._text(painter, line, said, self._fonts.text, palette.tones[Tone.BAD].foreground)
        elif said := self._why_held(row):
            self._text(painter, line, said, self._fonts.text, palette.tones[Tone.WAIT].foreground)
        else:
            self._text(painter, line, items_line(row.order), self._fonts.text, palette.muted)

    def _pickup(self, painter: QPainter, line: QRect, row: BoardRow) -> int:
        """Paint the customer's choice after *pronto* at the start of the line; returns its width."""
        if row.pickup is None:
            return 0
        chip = pickup_chip_of(row.pickup.choice, self._context.sentences)
        tone_colours = self._context.theme.palette.tones[chip.tone]
        drawn = chip_pixmap(chip.icon, chip.word, tone_colours, painter.device().devicePixelRatioF())
        painter.drawPixmap(line.left(), line.top() - 2, drawn)
        return round(chip_width(drawn)) + 8

    def _why_held(self, row: BoardRow) -> str:
        """Return why the present stage's message is held, to show instead of the items.

        Only if the end of the hold is known.
        """
        if row.present is None or self._hold(row.present.notification) is not QueueHold.NONE:
            return ""
        return why_in_short(row.present, self._context.sentences, self._context.core.clock.now())

    def _badge(self, painter: QPainter, name: QRect, unread: int) -> int:
        """Paint the unread count at the end of the name's line; returns its width."""
        if not unread:
            return 0
        tone_colours = self._context.theme.palette.tones[Tone.WAIT]
        drawn = chip_pixmap("message-circle", str(unread), tone_colours, painter.device().devicePixelRatioF())
        width = round(chip_width(drawn))
        painter.drawPixmap(name.right() - width, name.top() - 2, drawn)
        return width + 6

    def _stage(
        self, painter: QPainter, place: StagePlace, word: str, notice: StageNotice | None, *, timed: bool
    ) -> None:
        palette = self._context.theme.palette
        label = f"{word} {hour(notice.at)}" if notice and timed else word
        self._text(painter, place.label, label, self._fonts.small, palette.muted)
        if notice is None:
            self._text(painter, place.chip.adjusted(2, 0, 0, 0), "–", self._fonts.text, palette.muted)
            return
        until = held_until(notice, self._context.core.clock.now())
        chip = status_chip_of(notice.notification, self._hold(notice.notification), until)
        drawn = chip_pixmap(
            chip.icon, chip.word, palette.tones[chip.tone], painter.device().devicePixelRatioF()
        )
        painter.drawPixmap(place.chip.topLeft(), drawn)

    def _button(self, painter: QPainter, rect: QRect, row: BoardRow, *, filled: bool) -> None:
        if row.next_step is None:
            return
        palette = self._context.theme.palette
        colour = palette.tones[Tone.BAD].foreground if row.untold else palette.accent
        painter.setPen(QPen(QColor(colour), 1))
        painter.setBrush(QColor(colour if filled else palette.card))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        words = palette.card if filled else colour
        self._text(painter, rect, step_word(row.next_step), self._fonts.button, words, _CENTRE)

    @staticmethod
    def _text(
        painter: QPainter,
        rect: QRect,
        text: str,
        font: QFont,
        colour: str,
        where: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        # A text broken into several lines would run into the next one.
        painter.drawText(rect, where | Qt.TextFlag.TextSingleLine, shown)
