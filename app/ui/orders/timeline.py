"""Timeline of an order's messages, oldest first: time, stage, status chip, reason."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.notification import State
from app.services.orders.board_row import StageNotice
from app.ui.chip_pixmap import chip_pixmap
from app.ui.language import hour
from app.ui.orders.hold_text import held_until, why_held
from app.ui.orders.status_chip import HoldOf, QueueHold, stage_word, status_chip_of
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel, set_tooltip

_NEEDS_REASON = (State.FAILED, State.SUPPRESSED, State.IN_DOUBT)


class Timeline(QWidget):
    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._lines: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName(self.tr("Mensagens deste pedido"))

    def show_messages(self, notices: Sequence[StageNotice], hold: HoldOf) -> None:
        for label in self._lines:
            self._grid.removeWidget(label)
            label.deleteLater()
        self._lines = []
        if not notices:
            self._add(self._label(self.tr("Nenhuma mensagem ainda."), "muted"), 0, 0, 3)
        for at, notice in enumerate(notices):
            self._show_one(at * 2, notice, hold(notice.notification))

    def _show_one(self, line: int, notice: StageNotice, hold: QueueHold) -> None:
        notification, theme = notice.notification, self._context.theme
        until = held_until(notice, self._context.core.clock.now())
        chip = status_chip_of(notification, hold, until)
        queued, since = hour(notification.created_at), hour(notice.at)
        word = chip.word if since == queued or until else f"{chip.word} {since}"
        drawn = PlainLabel()
        drawn.setPixmap(chip_pixmap(chip.icon, word, theme.colours_of(chip.tone), self.devicePixelRatioF()))
        kind = stage_word(notification.type)
        drawn.setAccessibleName(f"{queued} {kind}: {word}")
        self._add(self._label(queued, "muted"), line, 0)
        what = self._label(kind)
        set_tooltip(what, notification.text)
        self._add(what, line, 1)
        self._add(drawn, line, 2)
        if words := self._why(notice, hold):
            why = self._label(words, "small")
            why.setWordWrap(True)
            if chip.tone is Tone.BAD:
                why.setStyleSheet(f"color: {theme.colours_of(Tone.BAD).foreground};")
            self._add(why, line + 1, 1, 2)

    def _why(self, notice: StageNotice, hold: QueueHold) -> str:
        notification, context = notice.notification, self._context
        held = why_held(notice, context.sentences, context.core.clock.now())
        if held and hold is QueueHold.NONE:
            return str(held)
        if notification.reason and notification.state in _NEEDS_REASON:
            return str(context.sentences.of_reason(notification.reason))
        if notification.state is State.PENDING and notification.attempts:
            return self.tr("Nova tentativa às {time}.").format(
                time=notification.scheduled_at.astimezone().strftime("%H:%M:%S")
            )
        return ""

    def _label(self, words: str, role: str = "") -> QLabel:
        label = PlainLabel(words)
        label.setProperty("role", role)
        return label

    def _add(self, label: QLabel, row: int, column: int, span: int = 1) -> None:
        side = Qt.AlignmentFlag.AlignRight if column == 2 else Qt.AlignmentFlag(0)
        self._grid.addWidget(label, row, column, 1, span, side)
        self._lines.append(label)
