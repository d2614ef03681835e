"""Toolbar over the list: search, period, new order."""

from datetime import datetime, timedelta

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.ui.language import midnight
from app.ui.page_context import PageContext

_TYPING_PAUSE_MILLISECONDS = 150
_SHORT_BELOW, _NARROWEST = 520, 340


class OrdersToolbar(QWidget):
    """Field, selector and button; `search_paused` is emitted when the person stops typing."""

    search_paused = Signal(str)
    left = Signal()
    """The person goes from the search to the list."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.search, self.period, self.new = QLineEdit(), QComboBox(), QPushButton()
        self.search.setPlaceholderText(self.tr("Nº, nome ou final do telefone (F3)"))
        self.search.setAccessibleName(self.tr("Buscar pedidos"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(110)
        self.search.setMaximumWidth(320)
        self.period.setAccessibleName(self.tr("Período"))
        for word, days in ((self.tr("Hoje"), 0), (self.tr("7 dias"), 6), (self.tr("Tudo"), None)):
            self.period.addItem(word, days)
        self.new.setIconSize(QSize(18, 18))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.search, 2)
        layout.addWidget(self.period)
        layout.addStretch(1)
        layout.addWidget(self.new)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(lambda: self.search_paused.emit(self.search.text()))
        self.search.textChanged.connect(self._pause.start)
        self._shortcuts()
        self._name_button()
        context.theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_button()

    def minimumSizeHint(self) -> QSize:
        """Return the width with the short words on the button."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def _name_button(self) -> None:
        """Shorten the button's words where the search would have no room."""
        short, whole = self.tr(" Novo (F2)"), self.tr(" Novo pedido (F2)")
        self.new.setText(short if self.width() < _SHORT_BELOW else whole)
        self.new.setAccessibleName(whole.strip())

    def since(self) -> datetime | None:
        """Return the beginning of the selected period; None for all days."""
        days = self.period.currentData()
        if days is None:
            return None
        return midnight(self._context.core.clock.now()) - timedelta(days=days)

    def cover_all_days(self) -> None:
        self.period.setCurrentIndex(self.period.count() - 1)

    def to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _shortcuts(self) -> None:
        for key, slot in ((Qt.Key.Key_Down, self.left.emit), (Qt.Key.Key_Escape, self._escape)):
            shortcut = QShortcut(QKeySequence(key), self.search)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    def _escape(self) -> None:
        """Clear the search, and return to the list where it is empty."""
        if self.search.text():
            self.search.clear()
        else:
            self.left.emit()

    def _apply_theme(self) -> None:
        self.new.setIcon(self._context.theme.icon("plus"))
