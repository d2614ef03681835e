"""Sections of the settings page; their modules are imported at first sight, for no start shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.domain.identifiers import SessionId
from app.ui.page_context import PageContext
from app.ui.settings.section_page import WHATSAPP


@dataclass(frozen=True, slots=True)
class Section:
    """Title, icon and widget factory; `build` is called when the section is first opened."""

    title: str
    icon: str
    build: Callable[[PageContext], QWidget]


_SHOP: Final = ("SHOP_NAME", "SHOP_ADDRESS", "SHOP_PHONE", "SHOP_AREA_CODE", "SHOP_ESTIMATED_TIME")
_RATE_LIMITS: Final = ("PACE_PER_MINUTE", "PACE_PER_CUSTOMER_HOUR")
_PRIVACY: Final = ("RETENTION_DAYS",)
_ADVANCED: Final = (
    "NOTIFICATION_RETRY_ATTEMPTS",
    "MESSAGE_QUEUE_BATCH_SIZE",
    "CONNECTION_TIMEOUT_MS",
    "WHATSAPP_BROWSER",
    "WHATSAPP_CLIENT_VERSION",
    "WHATSAPP_SYSTEM_CERTIFICATES",
    "WHATSAPP_MORE_SESSION_IDS",
)


def shop_sections() -> list[Section]:
    """Return the sections of the whole shop, in their order."""
    limits = _tr(
        "A loja manda os avisos aos poucos, para o WhatsApp não a tomar por propaganda. O WhatsApp tem ainda os "
        "limites dele: quem nunca falou com a loja é avisado devagar, e um número novo começa com pouco. Esses "
        "limites não mudam aqui; o que espera por eles sai sozinho."
    )
    privacy = _tr(
        "Nomes, telefones e textos ficam cifrados neste computador. Passado o prazo, são apagados de vez, e depois "
        "de um ano some também o resto do pedido. Quem pediu para parar continua sem receber avisos, mesmo com o "
        "número já apagado."
    )
    advanced = _tr("Estes ajustes já vêm certos. Mude só se alguém que entende do programa pedir.")
    return [
        _orders(_tr("Pedidos")),
        _form(_tr("Loja"), "store", _SHOP),
        _form(_tr("Ritmo"), "hourglass", _RATE_LIMITS, limits),
        _opt_outs(_tr("Pediram para parar")),
        _form(_tr("Privacidade"), "user", _PRIVACY, privacy),
        _security(security_title()),
        _look(_tr("Aparência e som")),
        _form(_tr("Avançado"), "settings", _ADVANCED, advanced),
    ]


def security_title() -> str:
    return _tr("Segurança")


def whatsapp_section(session_id: SessionId, title: str = WHATSAPP) -> Section:
    """Return the section of one of the shop's numbers."""

    def build(context: PageContext) -> QWidget:
        from app.ui.settings.whatsapp_section import WhatsAppSection  # noqa: PLC0415 - no start shows it

        return WhatsAppSection(context, session_id, title)

    return Section(title, "smartphone", build)


def _form(title: str, icon: str, names: Sequence[str], about: str = "") -> Section:
    """Return a section of settings alone."""

    def build(context: PageContext) -> QWidget:
        from app.ui.settings.form_section import FormSection  # noqa: PLC0415 - no start shows it

        return FormSection(context, title, names, about)

    return Section(title, icon, build)


def _orders(title: str) -> Section:
    def build(context: PageContext) -> QWidget:
        from app.ui.settings.orders_section import OrdersSection  # noqa: PLC0415 - no start shows it

        return OrdersSection(context, title)

    return Section(title, "clipboard-list", build)


def _opt_outs(title: str) -> Section:
    def build(context: PageContext) -> QWidget:
        from app.ui.settings.opt_outs_section import OptOutsSection  # noqa: PLC0415 - no start shows it

        return OptOutsSection(context)

    return Section(title, "hand", build)


def _look(title: str) -> Section:
    def build(context: PageContext) -> QWidget:
        from app.ui.settings.look_section import LookSection  # noqa: PLC0415 - no start shows it

        return LookSection(context, title)

    return Section(title, "palette", build)


def _security(title: str) -> Section:
    def build(context: PageContext) -> QWidget:
        from app.ui.settings.security_section import SecuritySection  # noqa: PLC0415 - no start shows it

        return SecuritySection(context, title)

    return Section(title, "lock", build)


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages", text)
