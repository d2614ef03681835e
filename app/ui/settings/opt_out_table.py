"""Table of customers who have opted out: who, since when, how."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.domain.identity import KnownAliases
from app.domain.opt_out import OptOutSource, StandingOptOut
from app.ui.language import day_of_year

_ROW = 40


class OptOutTable(QTreeWidget):
    """Rows as they were added; `asked` is emitted for the current one by Enter or a double click."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[StandingOptOut] = []
        self.setHeaderLabels([self.tr("Cliente"), self.tr("Desde"), self.tr("Como")])
        self.setAccessibleName(self.tr("Clientes que pediram para parar"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.header().setSectionsMovable(False)
        self.itemDoubleClicked.connect(self._ask)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current:
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        self.asked.emit()

    @property
    def current(self) -> StandingOptOut | None:
        row = self.currentIndex().row()
        return self._shown[row] if row >= 0 else None

    def show_opt_outs(self, opt_outs: Sequence[StandingOptOut]) -> None:
        self.clear()
        self._shown.clear()
        self.add(opt_outs)

    def add(self, opt_outs: Sequence[StandingOptOut]) -> None:
        first = not self._shown
        self._shown += opt_outs
        for each in opt_outs:
            since = day_of_year(each.opt_out.opted_out_at)
            item = QTreeWidgetItem([self.name_of(each.customer), since, self._manner(each.opt_out.source)])
            item.setSizeHint(0, QSize(0, _ROW))
            self.addTopLevelItem(item)
        top = self.topLevelItem(0)
        if first and top:
            self.setCurrentItem(top)

    def name_of(self, customer: KnownAliases) -> str:
        """Return the masked number, `@username`, or what there is instead; never a LID (K5)."""
        if customer.phone:
            return customer.phone.masked
        if customer.username:
            return f"@{customer.username}"
        return self.tr("Número oculto") if customer.lid else self.tr("Número já apagado")

    def _manner(self, source: OptOutSource) -> str:
        return self.tr("escreveu PARAR") if source is OptOutSource.CUSTOMER else self.tr("anotado à mão")
