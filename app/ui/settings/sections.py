"""The sections of Ajustes, in the order in which they are listed."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.ui.page_context import PageContext
from app.ui.settings.whatsapp_section import WhatsAppSection


@dataclass(frozen=True, slots=True)
class Section:
    """`build` is called when the section is first opened."""

    title: str
    icon: str
    build: Callable[[PageContext], QWidget]


SECTIONS: tuple[Section, ...] = (Section("WhatsApp", "smartphone", WhatsAppSection),)
