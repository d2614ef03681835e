"""View model of the connection indicator: icon, words, explanation and helpful action of each state."""

from dataclasses import dataclass
from typing import Final, assert_never

from PySide6.QtCore import QCoreApplication

from app.domain.remedy import REMEDIES
from app.domain.session import ConnectionState, ConnectionStatus
from app.services.text.message_catalog import MessageCatalog
from app.ui.page_context import PageContext
from app.ui.palette import Tone

_RETRYABLE: Final = frozenset({ConnectionState.DISCONNECTED, ConnectionState.UNSTABLE})


@dataclass(frozen=True, slots=True)
class ConnectionIcon:
    name: str
    tone: Tone


_PAUSED: Final = ConnectionIcon("pause", Tone.WAIT)
_LIMITED: Final = ConnectionIcon("hourglass", Tone.WAIT)
"""Connected, while WhatsApp or a rate limit holds some messages."""


@dataclass(frozen=True, slots=True)
class ConnectionViewModel:
    """Icon and texts of a state: `words` are two or three, `explained` is a sentence."""

    icon: ConnectionIcon
    words: str
    explained: str


def connection_view_model(context: PageContext, status: ConnectionStatus) -> ConnectionViewModel:
    say, core = context.sentences.say, context.core
    icon, word = _icon_of(status.state), context.sentences.connection_in_short(status)
    usual = connection_explained(status.state)
    if status.is_connected and core.queue.paused:
        icon, word, usual = _PAUSED, say("limits", "lamp_paused"), say("limits", "some")
    elif status.is_connected and core.rate_limiters.status(status.session_id).holds:
        icon, word, usual = _LIMITED, say("limits", "lamp"), say("limits", "some")
    explained = context.sentences.of_connection(status) if status.reason else usual
    return ConnectionViewModel(icon, say("headless", "whatsapp", lamp=word), explained)


def _icon_of(state: ConnectionState) -> ConnectionIcon:
    match state:
        case ConnectionState.UNPAIRED:
            return ConnectionIcon("qr-code", Tone.WAIT)
        case ConnectionState.CONNECTING:
            return ConnectionIcon("refresh-cw", Tone.WAIT)
        case ConnectionState.CONNECTED:
            return ConnectionIcon("circle-check", Tone.GOOD)
        case ConnectionState.UNSTABLE:
            return ConnectionIcon("triangle-alert", Tone.WAIT)
        case ConnectionState.DISCONNECTED:
            return ConnectionIcon("wifi-off", Tone.BAD)
        case ConnectionState.BLOCKED:
            return ConnectionIcon("ban", Tone.BAD)
        case _:
            assert_never(state)


def connection_explained(state: ConnectionState) -> str:
    """Return the explanation of a state without a reason code."""
    say = QCoreApplication.translate
    match state:
        case ConnectionState.UNPAIRED:
            return say("Lamp", "Este computador ainda não está ligado ao WhatsApp da loja.")
        case ConnectionState.CONNECTING:
            return say("Lamp", "Abrindo a conexão com o WhatsApp.")
        case ConnectionState.CONNECTED:
            return say("Lamp", "As mensagens saem normalmente.")
        case ConnectionState.UNSTABLE:
            return say("Lamp", "O WhatsApp demora a responder. As mensagens ficam guardadas.")
        case ConnectionState.DISCONNECTED:
            return say("Lamp", "Tentando de novo sozinho. As mensagens ficam guardadas.")
        case ConnectionState.BLOCKED:
            return say("Lamp", "A conexão não volta sozinha.")
        case _:
            assert_never(state)


@dataclass(frozen=True, slots=True)
class ConnectionAction:
    """Action of the button: `pairs` leads to a pairing, otherwise it reconnects.

    `words` is empty if the button's usual ones fit.
    """

    pairs: bool
    words: str = ""


def action_of(status: ConnectionStatus, sentences: MessageCatalog) -> ConnectionAction | None:
    """Return the action that helps, None if no action is needed."""
    remedy = REMEDIES.get(status.reason) if status.reason else None
    words = sentences.say("remedies", remedy) if remedy else ""
    if status.state is ConnectionState.UNPAIRED:
        return ConnectionAction(pairs=True, words=words if remedy and remedy.pairs else "")
    if remedy:
        return ConnectionAction(remedy.pairs, words)
    return ConnectionAction(pairs=False) if status.state in _RETRYABLE else None
