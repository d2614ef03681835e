"""Ajustes › Aparência e som: theme, sounds, toasts and start with the computer, for this PC alone."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ports.sounds import Sound
from app.ports.window_preferences import LetterSize, ThemeChoice
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_WIDEST = 860


class LookSection(QWidget):
    """Cards of choices; each is saved and in force at once."""

    def __init__(self, context: PageContext, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.theme, self.letters = QComboBox(), QComboBox()
        self.autostart = QCheckBox(self.tr("Iniciar com o computador"))
        self.toasts = QCheckBox(self.tr("Avisar ao lado do relógio quando um cliente responde"))
        self.sounds = {sound: QCheckBox(words) for sound, words in self._sound_words().items()}
        self.refused = self._label(self.tr("O sistema não deixou mudar isto neste computador."), "fault")
        self.refused.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(16)
        layout.addWidget(self._label(title, "title"))
        layout.addWidget(self._label(self.tr("Estas escolhas valem só neste computador."), "muted"))
        for card in (self._look_card(), self._sound_card(), self._start_card()):
            layout.addWidget(card)
        layout.addStretch(1)
        context.preferences.changed.connect(self._show)
        self._show()
        self._connect()

    def _look_card(self) -> QFrame:
        words = {
            ThemeChoice.SYSTEM: self.tr("Como o sistema"),
            ThemeChoice.LIGHT: self.tr("Claro"),
            ThemeChoice.DARK: self.tr("Escuro"),
        }
        sizes = {
            LetterSize.NORMAL: self.tr("Normal"),
            LetterSize.LARGE: self.tr("Grande"),
            LetterSize.FAR: self.tr("De longe"),
        }
        for choice, word in words.items():
            self.theme.addItem(word, choice)
        for size, word in sizes.items():
            self.letters.addItem(word, size)
        row, layout = QWidget(), QHBoxLayout()
        row.setLayout(layout)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(32)
        layout.addWidget(self._named(self.tr("Cores da janela"), self.theme))
        layout.addWidget(self._named(self.tr("Tamanho dos pedidos (Ctrl + e Ctrl −)"), self.letters))
        layout.addStretch(1)
        return self._card(row)

    def _named(self, name: str, choice: QComboBox) -> QWidget:
        part, layout, label = QWidget(), QVBoxLayout(), self._label(name, "heading")
        part.setLayout(layout)
        layout.setContentsMargins(0, 0, 0, 0)
        label.setBuddy(choice)
        label.setWordWrap(False)
        choice.setAccessibleName(name)
        layout.addWidget(label)
        layout.addWidget(choice)
        return part

    def _sound_card(self) -> QFrame:
        rows = [self._sound_row(sound, box) for sound, box in self.sounds.items()]
        note = self._label(
            self.tr("O botão do alto-falante, no topo, silencia tudo por 30 minutos."), "muted"
        )
        return self._card(self._label(self.tr("Sons"), "heading"), *rows, self.toasts, note)

    def _sound_row(self, sound: Sound, box: QCheckBox) -> QWidget:
        row, layout, hear = QWidget(), QHBoxLayout(), QPushButton(self.tr("Ouvir"))
        hear.setAccessibleName(self.tr("Ouvir: {sound}").format(sound=box.text()))
        hear.clicked.connect(partial(self._context.sounds.play, sound))
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(box, 1)
        layout.addWidget(hear, 0, Qt.AlignmentFlag.AlignRight)
        row.setLayout(layout)
        return row

    def _start_card(self) -> QFrame:
        card = self._card(self._label(self.tr("Este computador"), "heading"), self.autostart, self.refused)
        card.setHidden(self._context.autostart is None)
        return card

    def _sound_words(self) -> dict[Sound, str]:
        return {
            Sound.UNTOLD: self.tr("Cliente não avisado (repete a cada 30 s até alguém ver)"),
            Sound.REPLY: self.tr("Cliente respondeu (repete uma vez se ninguém ler)"),
            Sound.CONNECTION_LOST: self.tr("WhatsApp fora há mais de 2 minutos"),
            Sound.ORDER: self.tr("Pedido novo"),
        }

    def _connect(self) -> None:
        self.theme.activated.connect(self._choose_theme)
        self.letters.activated.connect(self._choose_letters)
        self.toasts.clicked.connect(lambda on: self._context.preferences.change(toasts=on))
        for box in self.sounds.values():
            box.clicked.connect(self._choose_sounds)
        self.autostart.clicked.connect(self._turn_autostart)

    def _choose_theme(self) -> None:
        self._context.preferences.change(theme=ThemeChoice(self.theme.currentData()))

    def _choose_letters(self) -> None:
        self._context.preferences.change(letters=LetterSize(self.letters.currentData()))

    def _choose_sounds(self) -> None:
        chosen = frozenset(sound for sound, box in self.sounds.items() if box.isChecked())
        self._context.preferences.change(sounds=chosen)

    def _turn_autostart(self, on: bool) -> None:  # noqa: FBT001 - a slot
        autostart = self._context.autostart
        self.refused.setHidden(autostart is None or autostart.turn(on=on))
        self._show()

    def _show(self) -> None:
        chosen, autostart = self._context.preferences.value, self._context.autostart
        self.theme.setCurrentIndex(self.theme.findData(chosen.theme))
        self.letters.setCurrentIndex(self.letters.findData(chosen.letters))
        self.toasts.setChecked(chosen.toasts)
        for sound, box in self.sounds.items():
            box.setChecked(sound in chosen.sounds)
        self.autostart.setChecked(autostart is not None and autostart.is_on)

    @staticmethod
    def _card(*widgets: QWidget) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDEST)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for widget in widgets:
            layout.addWidget(widget)
        return card

    @staticmethod
    def _label(words: str, role: str) -> PlainLabel:
        label = PlainLabel(words)
        label.setWordWrap(True)
        label.setProperty("role", role)
        return label
