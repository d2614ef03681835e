"""Acts that change the shop's numbers: the button that adds one, the removal of one."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.identifiers import SessionId
from app.domain.setting_sources import SettingSource
from app.ui.access.manager_request import as_manager
from app.ui.page_context import PageContext
from app.ui.settings.number_changes import MORE_NUMBERS, MOST_NUMBERS, further_numbers, remove_number
from app.ui.settings.number_question import AddNumberDialog, RemoveNumberQuestion
from app.ui.settings.section_page import button_row
from app.ui.wrapped_label import WrappedLabel


class AddNumberRow(QWidget):
    """Button that adds a number, hidden at the most that a shop has, with the reason where it is disabled."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.add, self.reason = QPushButton(self.tr("Adicionar um número…")), WrappedLabel(role="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(button_row(self.add))
        layout.addWidget(self.reason)
        self.add.clicked.connect(
            lambda: as_manager(context, self, lambda: AddNumberDialog(context, self).open())
        )
        context.bridge.settings_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        context = self._context
        self.add.setVisible(1 + len(further_numbers(context.core.settings)) < MOST_NUMBERS)
        self.reason.setText(numbers_fixed_reason(context))
        self.reason.setVisible(bool(self.reason.text()))
        self.add.setEnabled(not self.reason.text())
        self.add.setAccessibleDescription(self.reason.text())


def numbers_fixed_reason(context: PageContext) -> str:
    """Return why the numbers are not changed on screen; empty where they are."""
    if context.training:
        return _tr("No treinamento os números não mudam: a loja de mentira não pode abrir de novo.")
    status = context.core.settings.status(MORE_NUMBERS)
    if not status.is_fixed:
        return ""
    if status.source is SettingSource.CONFIG_FILE:
        return _tr("Os números da loja estão definidos em config.toml: mude a lista lá.")
    return _tr("Os números da loja estão definidos numa variável de ambiente: mude a lista lá.")


def ask_to_remove(context: PageContext, session_id: SessionId, parent: QWidget) -> None:
    """Ask, then remove the number and open the shop anew."""
    number = context.core.settings.session_names.name_of(session_id) or session_id
    question = RemoveNumberQuestion(number, parent)
    question.finished.connect(question.deleteLater)
    question.agreed.clicked.connect(lambda: context.runner.start(_removed(context, session_id)))
    question.open()


async def _removed(context: PageContext, session_id: SessionId) -> None:
    sessions = context.core.sessions
    await remove_number(context.core.settings, sessions[session_id])
    context.reopen(sessions.ids[0])


def _tr(text: str) -> str:
    return QCoreApplication.translate("settings", text)
