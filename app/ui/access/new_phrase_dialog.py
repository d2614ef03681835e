"""Dialog that shows a new recovery phrase once, and asks three of its words back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QGridLayout, QLineEdit, QWidget

from app.services.access.recovery import PhraseDraft
from app.ui.access.asking_dialog import AskingDialog
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_COLUMNS = 3


class NewPhraseDialog(AskingDialog):
    """First the twelve words, then three fields; the phrase counts once those are right."""

    def __init__(self, context: PageContext, draft: PhraseDraft, parent: QWidget) -> None:
        words = self.tr(
            "Escreva as 12 palavras num papel e guarde-o fora da loja. Com elas, o banco abre em outro "
            "computador, e um PIN esquecido se resolve. Elas não aparecem de novo."
        )
        title = self.tr("Frase de recuperação")
        super().__init__(context.sentences, context.runner, title, words, parent)
        self.setMinimumWidth(560)
        self._draft, self._recovery = draft, context.core.access.recovery
        self._shown = self._words_grid()
        self._layout.addWidget(self._shown)
        self.fields = {place: self._field(place) for place in draft.asked}
        self._asked = QWidget()
        form = QFormLayout(self._asked)
        form.setContentsMargins(0, 0, 0, 0)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for field in self.fields.values():
            label = PlainLabel(field.accessibleName())
            label.setMinimumHeight(field.minimumHeight())
            form.addRow(label, field)
        self._layout.addWidget(self._asked)
        self._asked.hide()
        self._finish_layout(*self.fields.values(), action=self.tr("Já escrevi"))
        self.agreed.setFocus()

    def submit(self) -> None:
        if not self._shown.isHidden():
            self._ask_back()
        elif self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._keep(), self._refused)

    def _ask_back(self) -> None:
        self._shown.hide()
        self._words.setText(self.tr("Confira o papel: digite de novo estas três palavras."))
        self.agreed.setText(self.tr("Guardar a frase"))
        self._asked.show()
        next(iter(self.fields.values())).setFocus()
        self.adjustSize()

    async def _keep(self) -> None:
        repeated = {place: field.text() for place, field in self.fields.items()}
        await self._recovery.keep_phrase(self._draft, repeated)
        if not self.closed:
            self.accept()

    def _words_grid(self) -> QWidget:
        """Return the words in columns, read from top to bottom."""
        grid = QWidget()
        layout = QGridLayout(grid)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setHorizontalSpacing(24)
        rows = len(self._draft.words) // _COLUMNS
        for place, word in enumerate(self._draft.words):
            label = PlainLabel(f"{place + 1}. {word}")
            label.setProperty("role", "strong")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            layout.addWidget(label, place % rows, place // rows)
        return grid

    def _field(self, place: int) -> QLineEdit:
        field = QLineEdit()
        field.setMinimumHeight(36)
        field.setAccessibleName(self.tr("{place}ª palavra").format(place=place))
        return field
