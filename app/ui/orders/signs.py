"""The sign of each state: shape, word and tone."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.ui.palette import Tone


@dataclass(frozen=True, slots=True)
class Sign:
    icon: str
    word: str
    tone: Tone


class QueueHold(Enum):
    """Why nothing leaves the queue at the moment; derived for the screen, never stored."""

    NONE = auto()
    NO_CONNECTION = auto()
    PAUSED = auto()


_SHAPES: Final = {
    State.PENDING: ("clock", Tone.WAIT),
    State.SENDING: ("send", Tone.GOING),
    State.SENT: ("check", Tone.GOOD),
    State.DELIVERED: ("check-check", Tone.GOOD),
    State.READ: ("check-check", Tone.SEEN),
    State.IN_DOUBT: ("circle-question-mark", Tone.WAIT),
    State.FAILED: ("triangle-alert", Tone.BAD),
    State.SUPPRESSED: ("circle-slash", Tone.CALM),
    State.HANDED_OVER: ("hand", Tone.CALM),
    State.CANCELLED: ("circle-x", Tone.CALM),
}


HoldOf = Callable[[Notification], QueueHold]


def sign_of(notification: Notification, hold: QueueHold, until: str = "") -> Sign:
    """`until` is when a message goes on that the pace or WhatsApp holds; empty where neither does."""
    if notification.state is State.PENDING and hold is QueueHold.NO_CONNECTION:
        return Sign("hourglass", _tr("esperando"), Tone.WAIT)
    if notification.state is State.PENDING and hold is QueueHold.PAUSED:
        return Sign("pause", _tr("pausada"), Tone.WAIT)
    if notification.state is State.PENDING and until:
        return Sign("hourglass", _tr("até {until}").format(until=until), Tone.WAIT)
    icon, tone = _SHAPES[notification.state]
    if notification.state is State.SUPPRESSED and notification.is_untold:
        tone = Tone.BAD
    return Sign(icon, _word(notification.state), tone)


def stage_word(stage: NotificationType) -> str:
    """The short name of a stage, over its column and in the timeline."""
    words = {
        NotificationType.ORDER_CREATED: _tr("Recebido"),
        NotificationType.PAYMENT_CONFIRMED: _tr("Pagamento"),
        NotificationType.PREPARING: _tr("Preparo"),
        NotificationType.READY: _tr("Pronto"),
        NotificationType.CUSTOM: _tr("Mensagem"),
        NotificationType.TEST: _tr("Teste"),
        NotificationType.OPT_OUT_CONFIRMATION: _tr("Saída"),
        NotificationType.REPLY: _tr("Resposta"),
    }
    return words[stage]


def _word(state: State) -> str:
    return {
        State.PENDING: _tr("na fila"),
        State.SENDING: _tr("enviando"),
        State.SENT: _tr("enviada"),
        State.DELIVERED: _tr("entregue"),
        State.READ: _tr("lida"),
        State.IN_DOUBT: _tr("em dúvida"),
        State.FAILED: _tr("falhou"),
        State.SUPPRESSED: _tr("não enviada"),
        State.HANDED_OVER: _tr("à mão"),
        State.CANCELLED: _tr("cancelada"),
    }[state]


def _tr(text: str) -> str:
    return QCoreApplication.translate("signs", text)
