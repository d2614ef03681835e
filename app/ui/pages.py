"""Fills the window with its four pages once the shop is open."""

from PySide6.QtCore import QCoreApplication

from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.frame.counters import Counters
from app.ui.frame.empty_page import EmptyPage
from app.ui.main_window import MainWindow
from app.ui.orders.orders_page import OrdersPage
from app.ui.page_context import PageContext
from app.ui.settings.sections import SECTIONS, WHATSAPP, section_of_number
from app.ui.settings.settings_page import SettingsPage


def add_pages(window: MainWindow, context: PageContext) -> None:
    """Everything that a page needs is in `context`; pages do not know each other."""
    tr, theme = _tr, context.theme
    further = list(context.of_further_numbers())
    settings = SettingsPage(context, (*SECTIONS, *(section_of_number(one) for one in further)))
    soon = tr("Em breve…")
    templates = EmptyPage(
        theme, "message-square-text", soon, tr("Aqui você vai escrever os textos que os clientes recebem.")
    )
    monitor = EmptyPage(
        theme, "chart-line", soon, tr("Aqui você vai ver quantas mensagens chegaram e em quanto tempo.")
    )
    orders = OrdersPage(context)
    orders.pairing_asked.connect(lambda: _open_pairing(window, settings, WHATSAPP))
    _add_connection_indicator(window, settings, context, WHATSAPP)
    for one in further:
        _add_connection_indicator(window, settings, one, section_of_number(one).title)
    window.add_counters(Counters(context))
    window.add_page(tr("Pedidos"), orders)
    window.add_page(tr("Modelos"), templates)
    window.add_page(tr("Monitor"), monitor)
    window.add_page(tr("Ajustes"), settings)
    context.runner.troubled.connect(window.show_trouble)
    context.bridge.troubled.connect(window.show_trouble_code)


def _add_connection_indicator(
    window: MainWindow, settings: SettingsPage, context: PageContext, section: str
) -> None:
    lamp = ConnectionButton(context)
    lamp.pairing_asked.connect(lambda: _open_pairing(window, settings, section))
    window.header.add(lamp)


def _open_pairing(window: MainWindow, settings: SettingsPage, section: str) -> None:
    settings.open_section(section)
    window.open_page(settings)


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages", text)
