"""Notice across the window that needs the person's attention."""

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.services.text.message_catalog import Sentence
from app.ui.icons import pixmap
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel, set_tooltip
from app.ui.theme import Theme


class NoticeBar(QFrame):
    """One sentence, shown until it is closed or replaced."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "notice")
        self._icon, self._words = PlainLabel(), PlainLabel()
        self._words.setWordWrap(True)
        self._close = QToolButton()
        self._close.setProperty("role", "plain")
        self._close.setAccessibleName(self.tr("Fechar o aviso"))
        set_tooltip(self._close, self._close.accessibleName())
        self._close.setMinimumSize(36, 36)
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 4, 4)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._close)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self.hide()

    @property
    def words(self) -> str:
        return "" if self.isHidden() else self._words.text()

    def show_sentence(self, sentence: Sentence) -> None:
        self._words.setText(str(sentence))
        self.setAccessibleName(str(sentence))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _apply_theme(self) -> None:
        colour = self._theme.colours_of(Tone.BAD).foreground
        self._icon.setPixmap(pixmap("triangle-alert", colour, 20, self.devicePixelRatioF()))
        self._close.setIcon(self._theme.icon("x", colour))
