"""Area of the order list, with placeholder pages while it is empty."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.session import ConnectionState
from app.services.orders.order_list import Tab
from app.ui.frame.empty_page import EmptyPage
from app.ui.orders.shown_orders import ShownOrders
from app.ui.page_context import PageContext


class ListArea(QWidget):
    """Stack of list and placeholders."""

    pairing_requested = Signal()
    new_order_requested = Signal()
    search_cleared = Signal()
    longer_period_requested = Signal()
    """A search found no order in the period; a longer one may hold it."""
    held_back_requested = Signal()
    """The orders that the pointer holds back shall show now."""

    def __init__(self, context: PageContext, orders: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.stack = QStackedWidget()
        self._list = orders
        self.stack.addWidget(orders)
        self._make_pages()
        self.unpaired.button.clicked.connect(self.pairing_requested)
        self.nothing.button.clicked.connect(self.new_order_requested)
        self._not_found.button.clicked.connect(self.search_cleared)
        self.not_in_period.button.clicked.connect(self.longer_period_requested)
        self.pill = QPushButton(self)
        self.pill.setProperty("role", "jump")
        self.pill.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pill.clicked.connect(self.held_back_requested)
        self.pill.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack, 1)
        self.stack.setCurrentWidget(self._loading)

    def _make_pages(self) -> None:
        self._loading = self._page("store", self.tr("Carregando os pedidos…"), self.tr("Só um instante."))
        self.unpaired = self._page(
            "qr-code",
            self.tr("O WhatsApp da loja ainda não está conectado"),
            self.tr("Conecte uma vez, pelo celular da loja. Depois os avisos saem sozinhos."),
            self.tr("Conectar o WhatsApp"),
        )
        self.nothing = self._page(
            "clipboard-list",
            self.tr("Nenhum pedido por aqui"),
            self.tr("Os pedidos aparecem assim que chegam. Também dá para digitar um."),
            self.tr("Novo pedido (F2)"),
        )
        self._all_told = self._page(
            "check-check", self.tr("Todos avisados"), self.tr("Nenhum cliente ficou sem saber do seu pedido.")
        )
        self._tab_empty = self._page(
            "inbox", self.tr("Nada nesta aba"), self.tr("Nenhum pedido está nesta etapa agora.")
        )
        self._not_found = self._page(
            "search-x",
            self.tr("Nada encontrado"),
            self.tr("Confira o número ou o nome."),
            self.tr("Limpar a busca"),
        )
        self.not_in_period = self._page(
            "search-x",
            self.tr("Nada encontrado neste período"),
            self.tr("O pedido pode ser de outro dia."),
            self.tr("Procurar em todos os dias"),
        )

    def show_for(self, orders: ShownOrders) -> None:
        state = self._context.core.connection.get_connection_status().state
        self.stack.setCurrentWidget(self._list if orders.ids else self._instead(orders, state))

    def show_held_back(self, count: int) -> None:
        """Show how many orders arrived while the pointer holds the list."""
        self.pill.setText(
            self.tr("1 novo ↓") if count == 1 else self.tr("{count} novos ↓").format(count=count)
        )
        self.pill.setVisible(count > 0)
        self._place_pill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_pill()

    def _place_pill(self) -> None:
        self.pill.adjustSize()
        self.pill.move((self.width() - self.pill.width()) // 2, self.height() - self.pill.height() - 16)
        self.pill.raise_()

    def _instead(self, orders: ShownOrders, state: ConnectionState) -> QWidget:
        if not orders.loaded:
            return self._loading
        if orders.typed:
            return self._not_found if orders.covers_all_days else self.not_in_period
        if not orders.counts[Tab.ALL]:
            return self.unpaired if state is ConnectionState.UNPAIRED else self.nothing
        return self._all_told if orders.tab is Tab.UNTOLD else self._tab_empty

    def _page(self, picture: str, title: str, words: str, action: str = "") -> EmptyPage:
        page = EmptyPage(self._context.theme, picture, title, words, action)
        self.stack.addWidget(page)
        return page
