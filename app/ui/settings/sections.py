"""Sections of the settings page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.identifiers import SessionId
from app.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class Section:
    """Title, icon and widget factory; `build` is called when the section is first opened."""

    title: str
    icon: str
    build: Callable[[PageContext], QWidget]


WHATSAPP: Final = "WhatsApp"


def orders_section(title: str) -> Section:
    """Return the section of the choices about orders."""

    def build(context: PageContext) -> QWidget:
        from app.ui.settings.orders_section import OrdersSection  # noqa: PLC0415 - no start shows it

        return OrdersSection(context, title)

    return Section(title, "clipboard-list", build)


def opt_outs_section(title: str) -> Section:
    """Return the section of the customers who have opted out."""

    def build(context: PageContext) -> QWidget:
        from app.ui.settings.opt_outs_section import OptOutsSection  # noqa: PLC0415 - no start shows it

        return OptOutsSection(context)

    return Section(title, "hand", build)


def security_section(title: str) -> Section:
    """Return the section of the manager's PIN."""

    def build(context: PageContext) -> QWidget:
        from app.ui.settings.security_section import SecuritySection  # noqa: PLC0415 - no start shows it

        return SecuritySection(context, title)

    return Section(title, "lock", build)


def whatsapp_section(session_id: SessionId, title: str = WHATSAPP) -> Section:
    """Return the section of one of the shop's numbers, whose twelve modules are imported at its first sight."""

    def build(context: PageContext) -> QWidget:
        from app.ui.settings.whatsapp_section import WhatsAppSection  # noqa: PLC0415 - no start shows it

        return WhatsAppSection(context, session_id, title)

    return Section(title, "smartphone", build)
