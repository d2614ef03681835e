"""Row of one setting: label, explanation, editor, its source, the refusal of a value."""

from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from app.domain.setting_sources import SettingSource, SettingStatus
from app.domain.setting_spec import Applies, SettingSpec
from app.ui.access.manager_request import as_manager
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.settings.setting_editors import editor_of
from app.ui.settings.setting_words import value_words, words_of
from app.ui.shown_text import button_text
from app.ui.wrapped_label import WrappedLabel

_EDITOR_WIDTH = 340


class SettingRow(QWidget):
    """Row that saves its setting by itself, after the manager's PIN: a choice at once, a typed value by Enter."""

    def __init__(self, context: PageContext, spec: SettingSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self.spec = context, spec
        self._settings, self._dirty = context.core.settings, False
        self.editor, self.fault = editor_of(spec), FaultLabel(context.sentences)
        self.note = WrappedLabel(role="muted")
        self.save, self.usual = QPushButton(self.tr("Salvar")), QPushButton()
        self.reopen = QPushButton(self.tr("Abrir de novo agora"))
        self.save.setProperty("role", "primary")
        self.usual.setProperty("role", "plain")
        self._build_layout()
        self.editor.edited.connect(self._mark_edited)
        self.editor.entered.connect(self._enter)
        self.save.clicked.connect(self._enter)
        self.usual.clicked.connect(lambda: self._start(partial(self._settings.reset, spec.name)))
        self.reopen.clicked.connect(lambda: context.reopen(None))
        context.bridge.settings_changed.connect(self._refresh_if_changed)
        self.refresh()

    def refresh(self) -> None:
        """Show the value that was saved, in place of one that is being typed."""
        self._dirty = False
        status = self._settings.status(self.spec.name)
        self._shown_value = status.value if status.next_value is None else status.next_value
        self.editor.show_value(self._shown_value)
        self.editor.setEnabled(not status.is_fixed)
        self.note.setText(self._note_of(status))
        self.note.setVisible(bool(self.note.text()))
        self.save.hide()
        # A training is never continued: a new simulated world knows nothing of its messages.
        reopens = not self._context.training
        self.reopen.setVisible(reopens and status.waits and not status.is_fixed)
        chosen = status.screen_value is not None and status.screen_value != self.spec.default
        self.usual.setVisible(chosen and not status.is_fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dirty:
            self.fault.hide()
            self.refresh()
        else:
            super().keyPressEvent(event)

    def _mark_edited(self) -> None:
        self._dirty = True
        self.fault.hide()
        self.save.show()

    def _enter(self) -> None:
        """Save the value; until then a choice shows the former one, for the person may give up at the PIN."""
        value, typed = self.editor.value(), self._dirty
        unchanged = value == self._shown_value
        if unchanged or not typed:
            self.refresh()
        if not unchanged:
            self._start(partial(self._settings.change, self.spec.name, value))

    def _start(self, change: Callable[[], Awaitable[object]]) -> None:
        self.fault.hide()
        as_manager(
            self._context,
            self,
            lambda: self._context.runner.start(self._saved(change), self.fault.show_error),
        )

    async def _saved(self, change: Callable[[], Awaitable[object]]) -> None:
        await change()
        self.refresh()

    def _refresh_if_changed(self, names: frozenset[str]) -> None:
        if self.spec.name in names and not self._dirty:
            self.refresh()

    def _note_of(self, status: SettingStatus) -> str:
        """Return what overrules the choice made here, or from when on it holds."""
        if status.is_fixed:
            return self._fixed_note(status)
        if status.waits and status.next_value is not None:
            return self.tr("Vale ao abrir o programa de novo. Por enquanto: {value}.").format(
                value=value_words(self.spec, status.value)
            )
        if self.spec.applies is Applies.AT_NEXT_START:
            return self.tr("Uma mudança aqui vale ao abrir o programa de novo.")
        return ""

    def _fixed_note(self, status: SettingStatus) -> str:
        in_file = status.source is SettingSource.CONFIG_FILE
        where = (
            self.tr("Definido em config.toml: {value}.")
            if in_file
            else self.tr("Definido numa variável de ambiente: {value}.")
        )
        note = where.format(value=value_words(self.spec, status.value))
        if not status.is_overruled or status.screen_value is None:
            return note
        kept = self.tr("O valor escolhido aqui ({value}) espera.")
        return f"{note} {kept.format(value=value_words(self.spec, status.screen_value))}"

    def _build_layout(self) -> None:
        words = words_of(self.spec.name)
        self.editor.setFixedWidth(_EDITOR_WIDTH)
        self.editor.field.setAccessibleName(words.label)
        self.editor.field.setAccessibleDescription(words.help)
        usual = self.tr("Voltar ao padrão: {value}")
        self.usual.setText(button_text(usual.format(value=value_words(self.spec, self.spec.default))))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.usual)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setHorizontalSpacing(24)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(0, 1)
        layout.addWidget(WrappedLabel(words.label, "strong"), 0, 0)
        layout.addWidget(WrappedLabel(words.help, "muted"), 1, 0)
        layout.addWidget(self.editor, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.note, 2, 0)
        layout.addLayout(buttons, 2, 1)
        layout.addWidget(self.reopen, 3, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.fault, 4, 0, 1, 2)
