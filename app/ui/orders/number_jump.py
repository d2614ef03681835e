"""Number jump: digits typed over the list, forgotten after five seconds."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.ui.shown_text import PlainLabel

_LONGEST_NUMBER: Final = 6
_FORGOTTEN_MILLISECONDS: Final = 5_000
_MARGIN: Final = 16


class NumberJump(PlainLabel):
    """Sign at the lower edge of the list with the digits typed so far, or with why they found no order."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(parent=over)
        self._over = over
        self.digits = ""
        self.setProperty("role", "jump")
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(_FORGOTTEN_MILLISECONDS)
        self._forget.timeout.connect(self.clear_digits)
        self.hide()

    def add(self, typed: str) -> bool:
        """Take a typed digit; False for another sign, and where the number is as long as any."""
        if not typed.isdecimal() or len(self.digits) >= _LONGEST_NUMBER:
            return False
        self._show_digits(self.digits + typed)
        return True

    def remove_last(self) -> None:
        self._show_digits(self.digits[:-1])

    def take(self) -> str:
        """Return the digits and forget them."""
        digits = self.digits
        self.clear_digits()
        return digits

    def clear_digits(self) -> None:
        self._show_digits("")

    def show_unknown(self, number: int) -> None:
        self._show(self.tr("Nº {number} não está na lista").format(number=number))

    def place(self) -> None:
        """Move to the lower edge of the list, after either has changed its size."""
        self.adjustSize()
        self.move(_MARGIN, self._over.height() - self.height() - _MARGIN)

    def _show_digits(self, digits: str) -> None:
        self.digits = digits
        self._show(self.tr("Pedido nº {digits} ↵").format(digits=digits) if digits else "")

    def _show(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
        self._forget.start() if words else self._forget.stop()
        self.place()
