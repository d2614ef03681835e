"""The sections of Ajustes, in the order in which they are listed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from app.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class Section:
    """`build` is called when the section is first opened."""

    title: str
    icon: str
    build: Callable[[PageContext], QWidget]


def _whatsapp(context: PageContext, title: str = "WhatsApp") -> QWidget:
    from app.ui.settings.whatsapp_section import WhatsAppSection  # noqa: PLC0415 - twelve modules that no start shows

    return WhatsAppSection(context, title)


WHATSAPP: Final = "WhatsApp"
SECTIONS: tuple[Section, ...] = (Section(WHATSAPP, "smartphone", _whatsapp),)


def section_of_number(context: PageContext) -> Section:
    """The section of a further number, whose context this is."""
    title = f"{WHATSAPP} · {context.core.connection.get_connection_status().session_id}"
    return Section(title, "smartphone", lambda _: _whatsapp(context, title))
