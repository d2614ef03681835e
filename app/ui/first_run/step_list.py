"""List of the setup steps with the state of each."""

from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.first_run import SetupStep
from app.services.setup.first_run import FirstRun
from app.ui.icons import pixmap
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme


class StepList(QWidget):
    """One line per step: done, left for later, current or open."""

    def __init__(self, theme: Theme, first_run: FirstRun, steps: Sequence[SetupStep]) -> None:
        super().__init__()
        self._theme, self._first_run = theme, first_run
        self._current: SetupStep | None = None
        self._lines = {step: (PlainLabel(), PlainLabel(name_of(step)), PlainLabel()) for step in steps}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(0)
        layout.setColumnStretch(1, 1)
        for row, (icon, name, note) in enumerate(self._lines.values()):
            note.setProperty("role", "small")
            note.setContentsMargins(0, 0, 0, 8)
            layout.addWidget(icon, 2 * row, 0)
            layout.addWidget(name, 2 * row, 1)
            layout.addWidget(note, 2 * row + 1, 1)
            name.setMinimumHeight(28)
        layout.setRowStretch(2 * len(self._lines), 1)
        theme.changed.connect(self.refresh)
        self.refresh()

    def show_current(self, step: SetupStep | None) -> None:
        """Highlight the step whose page is open."""
        self._current = step
        self.refresh()

    def note(self, step: SetupStep) -> str:
        """Return the words under a step."""
        return self._lines[step][2].text()

    def refresh(self) -> None:
        for step, (icon, name, note) in self._lines.items():
            picture, colour, state, words = self._look(step)
            icon.setPixmap(pixmap(picture, colour, 20, self.devicePixelRatioF()))
            icon.setAccessibleName(state)
            weight = 600 if step is self._current else 400
            name.setStyleSheet(f"color: {colour}; font-weight: {weight};")
            note.setText(words)
            note.setVisible(bool(words))

    def _look(self, step: SetupStep) -> tuple[str, str, str, str]:
        """Return picture, colour, the state for screen readers, and the words under the step."""
        palette, later = self._theme.palette, self.tr("para depois")
        if step is self._current:
            return "circle-dot", palette.accent, self.tr("agora"), ""
        if step not in self._first_run.left:
            return "circle-check", self._theme.colours_of(Tone.GOOD).foreground, self.tr("feito"), ""
        if step in self._first_run.progress.skipped:
            return "clock", palette.muted, later, later
        return "circle", palette.muted, self.tr("ainda não"), ""


def name_of(step: SetupStep) -> str:
    """Return the short name of a step."""
    match step:
        case SetupStep.WELCOME:
            return _tr("Boas-vindas")
        case SetupStep.CONNECT:
            return _tr("Conectar o celular")
        case SetupStep.MESSAGE:
            return _tr("Primeira mensagem")
        case SetupStep.PIN:
            return _tr("PIN do gerente")
        case SetupStep.PHRASE:
            return _tr("Frase de recuperação")
        case SetupStep.ORDERS:
            return _tr("Pedidos")
        case SetupStep.POSTER:
            return _tr("Cartaz")
        case _:
            assert_never(step)


def _tr(text: str) -> str:
    return QCoreApplication.translate("StepList", text)
