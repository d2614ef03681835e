"""Section of Ajustes that is a form: one row for each of its settings."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QWidget

from app.domain.settings import SETTINGS
from app.ui.page_context import PageContext
from app.ui.settings.section_page import SectionPage
from app.ui.settings.setting_row import SettingRow
from app.ui.wrapped_label import WrappedLabel


class FormSection(SectionPage):
    """Form under the words about it."""

    def __init__(
        self,
        context: PageContext,
        title: str,
        names: Sequence[str],
        about: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.rows = setting_rows(context, names)
        if about:
            self.add_card(WrappedLabel(about))
        self.add_card(*ruled(self.rows))


def setting_rows(context: PageContext, names: Sequence[str]) -> list[SettingRow]:
    return [SettingRow(context, SETTINGS[name]) for name in names]


def ruled(rows: Sequence[QWidget]) -> list[QWidget]:
    """Return the rows with a line between each two."""
    return [each for row in rows for each in (_rule(), row)][1:]


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule
