"""Status chip of a message: icon, word and tone of each state."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, assert_never

from PySide6.QtCore import QCoreApplication

from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.ui.palette import Tone


@dataclass(frozen=True, slots=True)
class StatusChip:
    icon: str
    word: str
    tone: Tone


class QueueHold(Enum):
    """Hold on the whole queue, derived for the screen and never stored."""

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


def status_chip_of(notification: Notification, hold: QueueHold, until: str = "") -> StatusChip:
    """Return the chip; `until` is the end of a hold by rate limit or WhatsApp, else empty."""
    if notification.state is State.PENDING and hold is QueueHold.NO_CONNECTION:
        return StatusChip("hourglass", _tr("esperando"), Tone.WAIT)
    if notification.state is State.PENDING and hold is QueueHold.PAUSED:
        return StatusChip("pause", _tr("pausada"), Tone.WAIT)
    if notification.state is State.PENDING and until:
        return StatusChip("hourglass", _tr("até {until}").format(until=until), Tone.WAIT)
    icon, tone = _SHAPES[notification.state]
    if notification.state is State.SUPPRESSED and notification.is_untold:
        tone = Tone.BAD
    return StatusChip(icon, _word(notification.state), tone)


def stage_word(stage: NotificationType) -> str:  # noqa: C901 - one case per stage
    """Return the short name of a stage, for column heads and timeline."""
    match stage:
        case NotificationType.ORDER_CREATED:
            return _tr("Recebido")
        case NotificationType.PAYMENT_CONFIRMED:
            return _tr("Pagamento")
        case NotificationType.PREPARING:
            return _tr("Preparo")
        case NotificationType.READY:
            return _tr("Pronto")
        case NotificationType.CUSTOM:
            return _tr("Mensagem")
        case NotificationType.TEST:
            return _tr("Teste")
        case NotificationType.OPT_OUT_CONFIRMATION:
            return _tr("Saída")
        case NotificationType.REPLY:
            return _tr("Resposta")
        case _:
            assert_never(stage)


def _word(state: State) -> str:  # noqa: C901, PLR0911 - one case per state
    match state:
        case State.PENDING:
            return _tr("na fila")
        case State.SENDING:
            return _tr("enviando")
        case State.SENT:
            return _tr("enviada")
        case State.DELIVERED:
            return _tr("entregue")
        case State.READ:
            return _tr("lida")
        case State.IN_DOUBT:
            return _tr("em dúvida")
        case State.FAILED:
            return _tr("falhou")
        case State.SUPPRESSED:
            return _tr("não enviada")
        case State.HANDED_OVER:
            return _tr("à mão")
        case State.CANCELLED:
            return _tr("cancelada")
        case _:
            assert_never(state)


def _tr(text: str) -> str:
    return QCoreApplication.translate("signs", text)
