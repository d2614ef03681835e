"""Ajustes › Clientes que pediram para parar: list, search by number, return."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.domain.errors import CocoLokoError
from app.ui.access.manager_request import as_manager
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.settings.lift_opt_out_dialog import LiftOptOutDialog
from app.ui.settings.opt_out_table import OptOutTable
from app.ui.settings.section_page import SectionPage, button_row
from app.ui.wrapped_label import WrappedLabel

_SHORTEST = 200
# Of the room below, against one for the empty rest.
_ALL = 99


class OptOutsSection(SectionPage):
    """Table of the customers who receive nothing (X1); the manager lets one of them be told again, with a reason."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("OptOutsSection", "Clientes que pediram para parar"), parent
        )
        self._context, self._opt_outs = context, context.core.opt_outs.standing
        self._next: int | None = None
        self._reads = 0
        self.search, self.look_up = QLineEdit(), QPushButton(self.tr("Procurar"))
        self.fault, self.table, self.empty = FaultLabel(context.sentences), OptOutTable(), WrappedLabel()
        self.lift, self.more = QPushButton(self.tr("Voltar a avisar…")), QPushButton(self.tr("Mostrar mais"))
        self.emptied = WrappedLabel(role="muted")
        self.lift.setProperty("role", "primary")
        self._build_layout()
        self.search.returnPressed.connect(self._search)
        self.look_up.clicked.connect(self._search)
        self.search.textChanged.connect(self._edited)
        self.table.currentItemChanged.connect(self._offer)
        self.table.asked.connect(self._ask)
        self.lift.clicked.connect(self._ask)
        self.more.clicked.connect(lambda: context.runner.start(self._show_more()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Read what is shown anew: the number searched for, or the start of the list."""
        self._reads += 1
        if self.search.text().strip():
            self._context.runner.start(self._show_found(self.search.text(), self._reads), self._refused)
        else:
            self._context.runner.start(self._show_list(self._reads))

    async def _show_list(self, read: int) -> None:
        listed = await self._opt_outs.page()
        if read == self._reads:
            self._next = listed.next
            self.table.show_opt_outs(listed.opt_outs)
            self.empty.setText(self.tr("Nenhum cliente pediu para parar."))
            self._offer()

    async def _show_found(self, typed: str, read: int) -> None:
        found = await self._opt_outs.find(typed)
        if read == self._reads:
            self._next = None
            self.table.show_opt_outs([found] if found else [])
            self.empty.setText(self.tr("Este número não pediu para parar: recebe os avisos."))
            self._offer()

    async def _show_more(self) -> None:
        if self._next is None:
            return
        after, self._next = self._next, None
        read = self._reads
        listed = await self._opt_outs.page(after)
        if read == self._reads:
            self._next = listed.next
            self.table.add(listed.opt_outs)
            self._offer()

    def _search(self) -> None:
        self.fault.hide()
        self.refresh()

    def _edited(self, text: str) -> None:
        self.fault.hide()
        if not text:
            self.refresh()

    def _refused(self, error: CocoLokoError) -> bool:
        return self.fault.show_error(error)

    def _offer(self) -> None:
        """Show what can be done with the current row; without an address there is nothing to undo by."""
        current, some = self.table.current, self.table.topLevelItemCount() > 0
        self.table.setVisible(some)
        self._cards.setStretchFactor(self._card, _ALL if some else 0)
        self.empty.setVisible(not some)
        self.lift.setVisible(some)
        self.lift.setEnabled(bool(current and current.customer.address))
        self.emptied.setVisible(bool(current and not current.customer.address))
        self.more.setVisible(self._next is not None)

    def _ask(self) -> None:
        current = self.table.current
        address = current and current.customer.address
        if current and address:
            name = self.table.name_of(current.customer)
            as_manager(
                self._context,
                self,
                lambda: LiftOptOutDialog(self._context, address, name, self.refresh, self).open(),
            )

    def _build_layout(self) -> None:
        self.search.setPlaceholderText(self.tr("Número do cliente, com DDD"))
        self.search.setAccessibleName(self.tr("Procurar pelo número do cliente"))
        self.search.setClearButtonEnabled(True)
        self.table.setMinimumHeight(_SHORTEST)
        self.emptied.setText(
            self.tr(
                "O número deste cliente já foi apagado com os dados antigos, e ele continua sem receber avisos. "
                "Se quiser voltar, procure aqui pelo número que ele disser."
            )
        )
        about = self.tr(
            "Quem escreve PARAR não recebe mais nada da loja até escrever VOLTAR, ou até o gerente "
            "voltar a avisar a pedido do cliente."
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        row.addWidget(self.look_up)
        buttons = button_row(self.lift, self.more)
        about_label = WrappedLabel(about, "muted")
        self._card = self.add_card(
            about_label, row, self.fault, self.table, self.empty, buttons, self.emptied
        )
        for hidden in (self.table, self.empty, self.lift, self.emptied, self.more):
            hidden.hide()
