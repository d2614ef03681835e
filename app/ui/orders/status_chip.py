"""Status chip of a message: icon, word and tone of each state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import assert_never

from PySide6.QtCore import QCoreApplication

from app.domain.notification import HandOver, Notification, State
from app.domain.order import NotificationType
from app.domain.pickup_reply import PickupChoice
from app.services.text.message_catalog import MessageCatalog
from app.ui.palette import Tone


@dataclass(frozen=True, slots=True)
class StatusChip:
    icon: str
    word: str
    tone: Tone


class QueueHold(Enum):
    """Hold on a message by a pause or a lost connection, derived for the screen, never stored."""

    NONE = auto()
    NO_CONNECTION = auto()
    PAUSED = auto()


HoldOf = Callable[[Notification], QueueHold]


def status_chip_of(notification: Notification, hold: QueueHold, until: str = "") -> StatusChip:
    """Return the chip; `until` is the end of a hold by rate limit or WhatsApp, else empty."""
    if notification.state is State.PENDING and hold is QueueHold.NO_CONNECTION:
        return StatusChip("hourglass", _tr("esperando"), Tone.WAIT)
    if notification.state is State.PENDING and hold is QueueHold.PAUSED:
        return StatusChip("pause", _tr("pausada"), Tone.WAIT)
    if notification.state is State.PENDING and until:
        return StatusChip("hourglass", _tr("até {until}").format(until=until), Tone.WAIT)
    if notification.state is State.HANDED_OVER and notification.reason == HandOver.IN_PERSON:
        return StatusChip("hand", _tr("avisado pessoalmente"), Tone.GOOD)
    chip = _chip_of_state(notification.state)
    if notification.state is State.SUPPRESSED and notification.is_untold:
        return replace(chip, tone=Tone.BAD)
    return chip


def pickup_chip_of(choice: PickupChoice, sentences: MessageCatalog) -> StatusChip:
    """Return the chip of a customer's choice after the *pronto* message (K9)."""
    word = sentences.say("pickup", choice)
    match choice:
        case PickupChoice.ON_THE_WAY:
            return StatusChip("arrow-right", word, Tone.GOOD)
        case PickupChoice.NOT_NOW:
            return StatusChip("clock", word, Tone.WAIT)
        case _:
            assert_never(choice)


def stage_word(stage: NotificationType) -> str:  # noqa: C901, PLR0911 - one case per stage
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
        case NotificationType.PIN_CODE:
            return _tr("Código")
        case _:
            assert_never(stage)


def _chip_of_state(state: State) -> StatusChip:  # noqa: C901, PLR0911 - one case per state
    match state:
        case State.PENDING:
            return StatusChip("clock", _tr("na fila"), Tone.WAIT)
        case State.SENDING:
            return StatusChip("send", _tr("enviando"), Tone.GOING)
        case State.SENT:
            return StatusChip("check", _tr("enviada"), Tone.GOOD)
        case State.DELIVERED:
            return StatusChip("check-check", _tr("entregue"), Tone.GOOD)
        case State.READ:
            return StatusChip("check-check", _tr("lida"), Tone.SEEN)
        case State.IN_DOUBT:
            return StatusChip("circle-question-mark", _tr("em dúvida"), Tone.WAIT)
        case State.FAILED:
            return StatusChip("triangle-alert", _tr("falhou"), Tone.BAD)
        case State.SUPPRESSED:
            return StatusChip("circle-slash", _tr("não enviada"), Tone.CALM)
        case State.HANDED_OVER:
            return StatusChip("hand", _tr("enviada manualmente"), Tone.GOOD)
        case State.CANCELLED:
            return StatusChip("circle-x", _tr("cancelada"), Tone.CALM)
        case _:
            assert_never(state)


def _tr(text: str) -> str:
    return QCoreApplication.translate("signs", text)
