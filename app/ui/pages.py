"""Pages of the window, added once the core is open."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app.domain.identifiers import SessionId
from app.ui.first_run.opening import opens_connect_step, setup_section
from app.ui.frame.empty_page import EmptyPage
from app.ui.frame_parts import add_frame
from app.ui.main_window import MainWindow
from app.ui.orders.orders_page import OrdersPage
from app.ui.page_context import PageContext
from app.ui.settings.section_page import WHATSAPP, number_title
from app.ui.settings.sections import Section, shop_sections, whatsapp_section
from app.ui.settings.settings_page import SettingsPage


def add_pages(window: MainWindow, context: PageContext) -> None:
    """Add the four pages; they get their dependencies from `context` and do not know each other."""
    tr, theme = _tr, context.theme
    default, *further = context.core.sessions.ids
    sections = {default: whatsapp_section(default)} | {
        session_id: whatsapp_section(session_id, f"{WHATSAPP} · {session_id}") for session_id in further
    }
    of_shop = [*shop_sections(), setup_section(tr("Primeiros passos"), window)]
    settings = SettingsPage(context, [*sections.values(), *of_shop])
    _follow_names(context, settings, sections)
    soon = tr("Em breve…")
    templates = EmptyPage(
        theme, "message-square-text", soon, tr("Aqui você vai escrever os textos que os clientes recebem.")
    )
    monitor = EmptyPage(
        theme, "chart-line", soon, tr("Aqui você vai ver quantas mensagens chegaram e em quanto tempo.")
    )
    orders = OrdersPage(context)
    orders.pairing_requested.connect(lambda: _open_pairing(window, settings, WHATSAPP))
    frame = add_frame(
        window, context, lambda session_id: _open_pairing(window, settings, sections[session_id].title)
    )
    for requested, select_next in (
        (frame.counts.untold_requested, orders.next_untold),
        (frame.counts.unread_requested, orders.next_unread),
    ):
        requested.connect(lambda: window.open_page(orders))
        requested.connect(select_next)
    orders.list.order_selected.connect(
        lambda order_id: frame.alarm.acknowledge_untold() if order_id in orders.orders.untold() else None
    )
    window.add_page(tr("Pedidos"), orders)
    window.add_page(tr("Modelos"), templates)
    window.add_page(tr("Monitor"), monitor)
    window.add_page(tr("Ajustes"), settings)
    context.runner.problem_reported.connect(window.show_problem)
    context.bridge.problem_reported.connect(window.show_problem_code)
    if shown := sections.get(context.shown_number or SessionId("")):
        window.open_page(settings)
        settings.open_section(shown.title)


def _follow_names(
    context: PageContext, settings: SettingsPage, sections: Mapping[SessionId, Section]
) -> None:
    """Show each number's section under the name that the shop gives it."""

    def show() -> None:
        for session_id, section in sections.items():
            settings.show_title(section.title, number_title(context, session_id, section.title))

    context.bridge.settings_changed.connect(lambda _: show())
    show()


def _open_pairing(window: MainWindow, settings: SettingsPage, section: str) -> None:
    """Open the section of a number and begin to pair it; the wizard has a step of its own for that."""
    from app.ui.settings.whatsapp_section import WhatsAppSection  # noqa: PLC0415 - no start shows it

    if opens_connect_step(window):
        return
    window.open_page(settings)
    opened = settings.open_section(section)
    if isinstance(opened, WhatsAppSection):
        opened.request_pairing()


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages", text)
