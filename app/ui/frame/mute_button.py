"""Mute of the sounds for half an hour: a button in the header."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.frame.sound_alarm import SoundAlarm
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.shown_text import set_tooltip
from app.ui.theme import set_style


class MuteButton(QPushButton):
    """Mutes the sounds, or ends the mute before its time."""

    def __init__(self, context: PageContext, alarm: SoundAlarm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._alarm = context, alarm
        self.setObjectName("mute")
        self.setProperty("role", "header")
        self.setIconSize(QSize(18, 18))
        self.setFixedSize(36, 36)
        self.clicked.connect(alarm.toggle_mute)
        alarm.mute_changed.connect(self._refresh)
        context.theme.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        muted, theme = self._alarm.is_muted, self._context.theme
        words = self.tr("Voltar a tocar os sons") if muted else self.tr("Silenciar os sons por 30 minutos")
        self.setAccessibleName(words)
        set_tooltip(self, words)
        colours = theme.colours_of(Tone.WAIT)
        colour = colours.foreground if muted else theme.palette.on_header
        self.setIcon(theme.icon("volume-x" if muted else "volume-2", colour))
        set_style(self, f"#mute {{ background: {colours.background if muted else 'transparent'}; }}")
