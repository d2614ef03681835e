"""Pause of the queue by hand: a button in the header, and F9."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.keys import with_key
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.shown_text import set_tooltip
from app.ui.theme import set_style


class PauseButton(QPushButton):
    """Pauses the queue or ends the pause; the strip says for how many messages it holds."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setObjectName("pause")
        self.setProperty("role", "header")
        self.setIconSize(QSize(18, 18))
        self.setFixedSize(36, 36)
        self.clicked.connect(self.toggle)
        context.bridge.queue_changed.connect(self._refresh)
        context.theme.changed.connect(self._refresh)
        self._refresh()

    def toggle(self) -> None:
        queue = self._context.core.queue
        self._context.runner.start(queue.resume() if queue.paused else queue.pause())

    def _refresh(self) -> None:
        paused, theme = self._context.core.queue.paused, self._context.theme
        words = self.tr("Continuar os avisos") if paused else self.tr("Pausar os avisos")
        self.setAccessibleName(with_key(words, "F9"))
        set_tooltip(self, self.accessibleName())
        colours = theme.colours_of(Tone.WAIT)
        self.setIcon(
            theme.icon(
                "play" if paused else "pause", colours.foreground if paused else theme.palette.on_header
            )
        )
        background = colours.background if paused else "transparent"
        set_style(self, f"#pause {{ background: {background}; }}")
