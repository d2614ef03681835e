"""Field for a PIN: hidden digits."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

# Longer than any PIN: one pasted with blanks arrives whole and is judged by the domain.
_LONGEST = 40


class PinField(QLineEdit):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        self.setMaxLength(_LONGEST)
        self.setMinimumHeight(36)
        self.setAccessibleName(name)
