"""Settings page: list of sections to the left, the selected one beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.frame.empty_page import EmptyPage
from app.ui.page_context import PageContext
from app.ui.settings.pin_reminder import PinReminder
from app.ui.settings.sections import Section, security_title


class SettingsPage(QWidget):
    """A section is built when it is first seen or opened; a start, which shows the orders, builds none."""

    def __init__(
        self, context: PageContext, sections: Sequence[Section], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._sections = context, sections
        self._built: dict[int, tuple[QScrollArea, QWidget]] = {}
        self.setObjectName("page")
        self.list, self._stack = QListWidget(), QStackedWidget()
        self.list.setAccessibleName(self.tr("Seções dos ajustes"))
        self.list.setFixedWidth(232)
        self.list.setIconSize(QSize(20, 20))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self.list)
        beside, self.reminder = QVBoxLayout(), PinReminder(context)
        beside.setSpacing(16)
        beside.addWidget(self.reminder)
        beside.addWidget(self._stack, 1)
        layout.addLayout(beside, 1)
        self.reminder.security_requested.connect(self._open_security)
        for section in sections:
            self.list.addItem(QListWidgetItem(section.title))
        context.theme.changed.connect(self._apply_theme)
        self._apply_theme()
        if sections:
            self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(self._open)
        self.list.currentRowChanged.connect(self._place_reminder)
        if not sections:
            self.list.hide()
            self._stack.addWidget(self._empty())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._sections:
            self._open(self.list.currentRow())

    def open_section(self, title: str) -> QWidget:
        """Select the section with this title and return its widget."""
        row = next(row for row, section in enumerate(self._sections) if section.title == title)
        self.list.setCurrentRow(row)
        return self._open(row)

    def show_title(self, title: str, words: str) -> None:
        """Show these words in the list for the section with this title."""
        row = next(row for row, section in enumerate(self._sections) if section.title == title)
        self.list.item(row).setText(words)

    def _place_reminder(self, row: int) -> None:
        """Hide the reminder beside the section that has the same button."""
        self.reminder.set_needed(needed=self._sections[row].title != security_title())

    def _open_security(self) -> None:
        self.open_section(security_title()).setFocus()

    def _open(self, row: int) -> QWidget:
        if row not in self._built:
            area, widget = QScrollArea(), self._sections[row].build(self._context)
            area.setWidgetResizable(True)
            area.setWidget(widget)
            self._built[row] = area, widget
            self._stack.addWidget(area)
        area, widget = self._built[row]
        self._stack.setCurrentWidget(area)
        return widget

    def _apply_theme(self) -> None:
        for row, section in enumerate(self._sections):
            self.list.item(row).setIcon(self._context.theme.icon(section.icon))

    def _empty(self) -> QWidget:
        words = self.tr("Os ajustes desta loja vão aparecer aqui.")
        return EmptyPage(self._context.theme, "settings", self.tr("Em breve…"), words)
