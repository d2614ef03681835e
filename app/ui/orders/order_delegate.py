"""Item delegate of the order list: paints an order as a card."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.notification import TOLD, State
from app.services.orders.board_row import BoardRow, StageNotice
from app.services.orders.order_list import Tab
from app.ui.chip_pixmap import chip_pixmap, chip_width
from app.ui.language import hour
from app.ui.orders.hold_text import held_until, why_in_short
from app.ui.orders.order_list_model import Heading, OrderListModel
from app.ui.orders.order_text import age_of_row, items_line, step_word, table_word
from app.ui.orders.row_geometry import HEADING_HEIGHT, ROW_HEIGHT, RowGeometry, button_of, geometry, unscaled
from app.ui.orders.status_chip import HoldOf, QueueHold, pickup_chip_of, status_chip_of
from app.ui.orders.untold_text import untold_in_short
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.theme import app_font

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
# Icon and rounded ends of a chip.
_CHIP_SIDES = 44
_CENTRE = Qt.AlignmentFlag.AlignCenter
_SENT = TOLD | {State.HANDED_OVER}


@dataclass(frozen=True, slots=True)
class _Fonts:
    number: QFont
    name: QFont
    text: QFont
    small: QFont
    button: QFont
    heading: QFont


class OrderDelegate(QStyledItemDelegate):
    """Delegate that takes whole rows from the model; `hovered` is the row whose button is hovered."""

    def __init__(self, context: PageContext, hold: HoldOf, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._hold = context, hold
        self.hovered = -1
        context.theme.changed.connect(self._lay_out_again)
        weight = QFont.Weight
        self._fonts = _Fonts(
            number=app_font(24, weight.Bold),
            name=app_font(15, weight.DemiBold),
            text=app_font(14),
            small=app_font(12, weight.Medium),
            button=app_font(14, weight.DemiBold),
            heading=app_font(12, weight.Bold),
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        model = index.model()
        heads = isinstance(model, OrderListModel) and model.heading(index.row()) is not None
        return QSize(0, round((HEADING_HEIGHT if heads else ROW_HEIGHT) * self._context.theme.letter_scale))

    def _lay_out_again(self) -> None:
        self.sizeHintChanged.emit(QModelIndex())

    def button_of(self, row: QRect) -> QRect:
        """Return the place of the row's button, to which clicks are compared."""
        return button_of(row, self._context.theme.letter_scale)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, OrderListModel):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._context.theme.letter_scale
        painter.translate(option.rect.topLeft())
        painter.scale(scale, scale)
        rect = unscaled(option.rect, scale)
        if heading := model.heading(index.row()):
            self._heading(painter, rect, heading)
        else:
            hovered = self.hovered == index.row()
            self._order(painter, rect, option.state, model.row(index.row()), hovered=hovered)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, heading: Heading) -> None:
        palette = self._context.theme.palette
        bad = heading.tab is Tab.UNTOLD
        colour = palette.tones[Tone.BAD].foreground if bad else palette.muted
        sign = "▸" if heading.folded else "▾"
        line = rect.adjusted(4, 4, -4, 0)
        words = f"{sign}  {heading.words}"
        self._text(painter, line, words, self._fonts.heading, colour)
        end = line.left() + QFontMetrics(self._fonts.heading).horizontalAdvance(words) + 12
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.drawLine(end, line.center().y(), line.right(), line.center().y())

    def _order(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, row: BoardRow | None, *, hovered: bool
    ) -> None:
        places = geometry(rect)
        self._card(painter, places.card, state, untold=row is not None and row.untold)
        if row is None:
            return
        self._words(painter, places, row)
        if row.present:
            self._present(painter, places.chip, row, row.present)
        if not places.dots.isEmpty():
            self._dots(painter, places.dots, row)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        self._button(painter, places.button, row, filled=chosen or hovered)

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
        numbered = self._fonts.name if places.narrow else self._fonts.number
        self._text(painter, places.number, f"#{order.number}", numbered, palette.text)
        age = age_of_row(row, self._context.core.clock.now())
        colour = palette.muted if age.tone is Tone.CALM else palette.tones[age.tone].foreground
        weight = self._fonts.text if age.tone is Tone.CALM else self._fonts.button
        self._text(painter, places.age, age.words, weight, colour)
        badge = self._badge(painter, places.name, row.unread)
        name = places.name.adjusted(0, 0, -badge, 0)
        self._text(painter, name, order.customer_name, self._fonts.name, palette.text)
        chip = self._pickup(painter, places.line, row)
        self._second_line(painter, places.line.adjusted(chip, 0, 0, 0), row)

    def _second_line(self, painter: QPainter, line: QRect, row: BoardRow) -> None:
        """Paint the table, then why the present stage's message waits, else the items."""
        palette, table = self._context.theme.palette, table_word(row.order)
        if table:
            self._text(painter, line, table, self._fonts.button, palette.text)
            line = line.adjusted(QFontMetrics(self._fonts.button).horizontalAdvance(table) + 10, 0, 0, 0)
        if said := "" if row.untold else self._why_held(row):
            self._text(painter, line, said, self._fonts.text, palette.tones[Tone.WAIT].foreground)
        else:
            self._text(painter, line, items_line(row.order), self._fonts.text, palette.muted)

    def _pickup(self, painter: QPainter, line: QRect, row: BoardRow) -> int:
        """Paint the customer's choice after *pronto* at the start of the line; returns its width."""
        if row.pickup is None:
            return 0
        chip = pickup_chip_of(row.pickup.choice, self._context.sentences)
        tone_colours = self._context.theme.palette.tones[chip.tone]
        drawn = chip_pixmap(chip.icon, chip.word, tone_colours, self._ratio(painter))
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
        drawn = chip_pixmap("message-circle", str(unread), tone_colours, self._ratio(painter))
        width = round(chip_width(drawn))
        painter.drawPixmap(name.right() - width, name.top() - 2, drawn)
        return width + 6

    def _present(self, painter: QPainter, place: QRect, row: BoardRow, notice: StageNotice) -> None:
        """Paint the one chip of the row: the present stage's message, or why its customer is untold."""
        until = held_until(notice, self._context.core.clock.now())
        chip = status_chip_of(notice.notification, self._hold(notice.notification), until)
        word = untold_in_short(row, self._context) or chip.word
        tone = self._context.theme.palette.tones[Tone.BAD if row.untold else chip.tone]
        ratio = self._ratio(painter)
        room = place.width() - _CHIP_SIDES
        word = QFontMetrics(self._fonts.small).elidedText(word, Qt.TextElideMode.ElideRight, room)
        painter.drawPixmap(place.topLeft(), chip_pixmap(chip.icon, word, tone, ratio))

    def _dots(self, painter: QPainter, place: QRect, row: BoardRow) -> None:
        """Paint a dot for each stage's message, filled once it was sent, and the time of the latest."""
        palette, left = self._context.theme.palette, place.left() + 4
        for notice in row.notices:
            colour = palette.muted
            if notice:
                told = status_chip_of(notice.notification, QueueHold.NONE).tone
                colour = palette.tones[told].foreground
            filled = notice is not None and notice.state in _SENT
            painter.setPen(QPen(QColor(colour), 1.5))
            painter.setBrush(QColor(colour) if filled else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(left, place.center().y() - 4, 8, 8))
            left += 15
        latest = max((notice.at for notice in row.notices if notice), default=None)
        if latest:
            after = QRect(left + 4, place.top(), place.right() - left, place.height())
            self._text(painter, after, hour(latest), self._fonts.small, palette.muted)

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

    def _ratio(self, painter: QPainter) -> float:
        """Return the device's pixels for one unit of the painter, for chips as sharp as the letters."""
        return painter.device().devicePixelRatioF() * self._context.theme.letter_scale

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
