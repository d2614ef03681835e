"""Thread of an order's conversation: automatic messages, answers and the customer's words, oldest first (C4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.customer_reply import EDITED_ELSEWHERE, CustomerReply
from app.domain.notification import State
from app.domain.order import NotificationType
from app.services.orders.board_row import StageNotice
from app.services.orders.order_board import OrderDetail
from app.ui.language import hour
from app.ui.orders.hold_text import held_until, why_held
from app.ui.orders.status_chip import HoldOf, QueueHold, StatusChip, status_chip_of
from app.ui.page_context import PageContext
from app.ui.palette import Tone

# A customer may write a very long text, which would fill the pane.
_LONGEST: Final = 600
_NEEDS_REASON: Final = (State.FAILED, State.SUPPRESSED, State.IN_DOUBT)
_BY_PERSON: Final = (NotificationType.REPLY, NotificationType.CUSTOM)


@dataclass(frozen=True, slots=True)
class BubbleView:
    """View model of one bubble; `chip` is the state of a message of the shop, None for the customer's words."""

    text: str
    time: str
    chip: StatusChip | None = None
    reason: str = ""
    tooltip: str = ""
    unread: bool = False
    note: str = ""
    """Note beside the time: not read, or from another number."""

    @property
    def ours(self) -> bool:
        return self.chip is not None

    @property
    def description(self) -> str:
        """Description for screen readers: `14:02 Em preparo: lida`."""
        said = f"{self.time} {self.text}"
        return f"{said}: {self.chip.word}" if self.chip else _tr("{said} (do cliente)").format(said=said)


def thread_of(detail: OrderDetail, hold: HoldOf, context: PageContext) -> Sequence[BubbleView]:
    """Return the bubbles of the order's messages and its customer's replies, oldest first."""
    entries: list[tuple[tuple[datetime, int], BubbleView]] = [
        (_place(notice), _ours(notice, hold(notice.notification), context)) for notice in detail.notices
    ]
    entries += [((reply.received_at, 1), _theirs(reply, detail, context)) for reply in detail.replies]
    return [view for _, view in sorted(entries, key=lambda entry: entry[0])]


def _place(notice: StageNotice) -> tuple[datetime, int]:
    """Return the place in the thread; an answer follows the words of the same second, an announcement comes first."""
    notification = notice.notification
    return notification.created_at, 2 if notification.type in _BY_PERSON else 0


def _ours(notice: StageNotice, hold: QueueHold, context: PageContext) -> BubbleView:
    notification = notice.notification
    until = held_until(notice, context.core.clock.now())
    chip = status_chip_of(notification, hold, until)
    queued, since = hour(notification.created_at), hour(notice.at)
    if since != queued and not until:
        chip = StatusChip(chip.icon, f"{chip.word} {since}", chip.tone)
    by_person = notification.type in _BY_PERSON
    text = _shortened(notification.text) if by_person else ""
    return BubbleView(
        text or announcement_word(notification.type),
        queued,
        chip,
        _reason(notice, hold, context),
        "" if by_person else notification.text,
    )


def _theirs(reply: CustomerReply, detail: OrderDetail, context: PageContext) -> BubbleView:
    shown = _shortened(context.sentences.of_reply(reply))
    if reply.edited and reply.kind != EDITED_ELSEWHERE:
        shown = f"{shown} {context.sentences.say('replies', 'edited')}"
    unread = reply.read_at is None
    notes = (_tr("outro número") if reply in detail.others else "", _tr("não lida") if unread else "")
    return BubbleView(shown, hour(reply.received_at), unread=unread, note=", ".join(filter(None, notes)))


def _reason(notice: StageNotice, hold: QueueHold, context: PageContext) -> str:
    """Return why a message waits or did not go, with the one action; empty for one on its usual way."""
    notification = notice.notification
    held = why_held(notice, context.sentences, context.core.clock.now())
    if held and hold is QueueHold.NONE:
        return str(held)
    if notification.reason and notification.state in _NEEDS_REASON:
        return str(context.sentences.of_reason(notification.reason))
    if notification.state is State.PENDING and notification.attempts:
        time = notification.scheduled_at.astimezone().strftime("%H:%M:%S")
        return _tr("Nova tentativa às {time}.").format(time=time)
    return ""


def bubble_role(view: BubbleView) -> str:
    """Return the bubble's role in the stylesheet: whose it is, and whether it failed, waits or was not read."""
    if view.chip is None:
        return "theirs-unread" if view.unread else "theirs"
    if view.chip.tone is Tone.BAD:
        return "failed"
    return "waiting" if view.chip.tone in {Tone.CALM, Tone.WAIT} else "ours"


def announcement_word(kind: NotificationType) -> str:
    """Return the words of an automatic message; its whole text is the bubble's tooltip."""
    words = {
        NotificationType.ORDER_CREATED: _tr("Pedido recebido"),
        NotificationType.PAYMENT_CONFIRMED: _tr("Pagamento confirmado"),
        NotificationType.PREPARING: _tr("Em preparo"),
        NotificationType.READY: _tr("Pedido pronto"),
        NotificationType.TEST: _tr("Teste"),
        NotificationType.OPT_OUT_CONFIRMATION: _tr("Confirmação de saída"),
        NotificationType.REPLY: _tr("Resposta"),
        NotificationType.CUSTOM: _tr("Mensagem"),
    }
    return words[kind]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _tr(text: str) -> str:
    return QCoreApplication.translate("thread", text)
