"""Confirmation before a message is resent, with the state of the last one."""

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.domain.notification import TOLD, Notification, State
from app.services.orders.board_row import BoardRow, StageNotice
from app.ui.language import hour
from app.ui.orders.status_chip import stage_word
from app.ui.shown_text import PlainMessageBox
from app.ui.theme import Theme


class ResendQuestion(PlainMessageBox):
    """Message box for `open()`, which does not block; `agreed` is the confirming button."""

    def __init__(self, row: BoardRow, last: Notification, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        stage, order = stage_word(last.type).lower(), row.order
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(self.tr("Enviar de novo"))
        self.setText(self.tr("Enviar “{stage}” de novo?").format(stage=stage))
        about = self.tr("#{number} {name}").format(number=order.number, name=order.customer_name)
        self.setInformativeText(f"{about}\n{self._last(last)}")
        self.agreed: QPushButton = self.addButton(
            self.tr("Enviar de novo"), QMessageBox.ButtonRole.AcceptRole
        )
        keep = self.addButton(self.tr("Não enviar"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)
        keep.setFocus()
        # A new style lays the buttons out again; without the focus here, Enter would then send.
        theme.changed.connect(keep.setFocus)

    def _last(self, last: Notification) -> str:
        """Return the state of the last message: `A última foi lida às 14:03.`"""
        words = {
            State.SENT: self.tr("A última foi enviada às {time} e ainda não chegou ao celular."),
            State.DELIVERED: self.tr("A última chegou ao celular às {time}."),
            State.READ: self.tr("A última foi lida às {time}."),
            State.CANCELLED: self.tr("A última foi desfeita às {time}, antes de sair."),
        }
        return words[last.state].format(time=hour(StageNotice(last).at))


def resendable(row: BoardRow) -> Notification | None:
    """Return the present stage's message, if sent or cancelled; earlier stages are outdated (A3)."""
    last = row.present.notification if row.present else None
    ended = last is not None and last.state in TOLD | {State.CANCELLED}
    return last if ended and not row.finished else None
