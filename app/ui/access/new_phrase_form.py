"""Form of a new recovery phrase: first the twelve words, then three of them asked back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import PhraseNotRepeatedError
from app.services.access.recovery import PhraseDraft
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_COLUMNS = 3


class NewPhraseForm(QWidget):
    """Words of a draft, or the fields that ask for them; the phrase counts once those are right."""

    def __init__(self, context: PageContext, draft: PhraseDraft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft, self._recovery = draft, context.core.access.recovery
        self.fields = {place: self._field(place) for place in draft.asked}
        self._shown, self._asked = self._words_grid(), self._asked_fields()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._shown)
        layout.addWidget(self._asked)
        self._asked.hide()

    @property
    def shows_words(self) -> bool:
        return not self._shown.isHidden()

    def ask_back(self) -> None:
        """Hide the words and ask for three of them."""
        self._shown.hide()
        self._asked.show()
        next(iter(self.fields.values())).setFocus()

    def is_complete(self) -> bool:
        """Return whether each asked word is typed; else focus the first empty field."""
        for field in self.fields.values():
            if not field.text().strip():
                field.setFocus()
                return False
        return True

    async def keep(self) -> None:
        """Put the phrase in force; raises PhraseNotRepeatedError, BadKeyError, WrongKeyError."""
        repeated = {place: field.text() for place, field in self.fields.items()}
        try:
            await self._recovery.keep_phrase(self.draft, repeated)
        except PhraseNotRepeatedError as refused:
            self._select_word(int(str(refused.facts["position"])))
            raise

    def _select_word(self, place: int) -> None:
        """Focus the field of a wrong word, so that the next key replaces it."""
        self.fields[place].setFocus()
        self.fields[place].selectAll()

    def _words_grid(self) -> QWidget:
        """Return the words in columns, read from top to bottom."""
        grid = QWidget()
        layout = QGridLayout(grid)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setHorizontalSpacing(24)
        rows = len(self.draft.words) // _COLUMNS
        for place, word in enumerate(self.draft.words):
            label = PlainLabel(f"{place + 1}. {word}")
            label.setProperty("role", "strong")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            layout.addWidget(label, place % rows, place // rows)
        return grid

    def _asked_fields(self) -> QWidget:
        asked = QWidget()
        form = QFormLayout(asked)
        form.setContentsMargins(0, 0, 0, 0)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for field in self.fields.values():
            label = PlainLabel(field.accessibleName())
            label.setMinimumHeight(field.minimumHeight())
            form.addRow(label, field)
        return asked

    def _field(self, place: int) -> QLineEdit:
        field = QLineEdit()
        field.setMinimumHeight(36)
        field.setAccessibleName(self.tr("{place}ª palavra").format(place=place))
        return field
