"""Placeholder page: a picture, its explanation, and at most one button."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme

_PICTURE = 56
_WIDEST = 480


class EmptyPage(QWidget):
    """Placeholder; `button` is shown if `action` gives its text, `other_button` if `other` does."""

    def __init__(
        self,
        theme: Theme,
        picture: str,
        title: str,
        words: str,
        action: str = "",
        other: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._picture = theme, picture
        self.setObjectName("page")
        self._drawn, heading, explained = PlainLabel(), PlainLabel(title), PlainLabel(words)
        for label in (self._drawn, heading, explained):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading.setProperty("role", "heading")
        explained.setProperty("role", "muted")
        explained.setWordWrap(True)
        explained.setMaximumWidth(_WIDEST)
        self.button, self.other_button = _button(action), _button(other)
        self.button.setProperty("role", "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._drawn)
        layout.addSpacing(8)
        layout.addWidget(heading)
        layout.addLayout(_centred(explained))
        layout.addSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.other_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.setAccessibleName(f"{title.rstrip('.')}. {words}")
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def _apply_theme(self) -> None:
        colour = self._theme.palette.focus
        self._drawn.setPixmap(pixmap(self._picture, colour, _PICTURE, self.devicePixelRatioF()))


def _button(text: str) -> QPushButton:
    """Return a button that the layout shows; one without a text stays hidden."""
    button = QPushButton(text)
    # Shown before it has a parent, it would open as a window of its own.
    if not text:
        button.hide()
    return button


def _centred(words: QLabel) -> QHBoxLayout:
    """Centre by stretches: an aligned widget gets the height of its hint, a guess for wrapped text."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(words, _WIDEST)
    row.addStretch(1)
    return row
