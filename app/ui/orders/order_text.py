"""Texts of an order: status, age, next step, items, table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from PySide6.QtCore import QCoreApplication

from app.domain.order import NotificationType, Order
from app.domain.pickup_reply import PickupReply
from app.domain.stage_policy import is_finished
from app.domain.untold import UntoldStep
from app.services.orders.board_row import BoardRow, Step
from app.services.orders.order_list import Tab
from app.services.text.message_catalog import MessageCatalog
from app.ui.language import day_and_hour, hour
from app.ui.palette import Tone

SLOW, LATE = timedelta(minutes=10), timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Age:
    words: str
    tone: Tone


def age_of_row(row: BoardRow, now: datetime) -> Age:
    """Return how long the customer has been waiting: for a ready order, since it has been ready."""
    present = row.present
    if row.finished or present is None or present.notification.type is not NotificationType.READY:
        return age_of(row.order, now)
    message = present.notification
    return _waited(message.stage_at or message.created_at, now)


def age_of(order: Order, now: datetime) -> Age:
    """Return how long the customer has been waiting; of a finished order, when it was made."""
    if is_finished(order):
        return Age(day_and_hour(order.created_at, now), Tone.CALM)
    return _waited(order.created_at, now)


def _waited(since: datetime, now: datetime) -> Age:
    waited = max(now - since, timedelta())
    tone = Tone.BAD if waited >= LATE else Tone.WAIT if waited >= SLOW else Tone.CALM
    minutes = int(waited.total_seconds() // 60)
    if minutes < 1:
        return Age(_tr("agora"), tone)
    if minutes < 60:
        return Age(_tr("{minutes} min").format(minutes=minutes), tone)
    if minutes < 24 * 60:
        return Age(_tr("{hours} h {minutes:02d}").format(hours=minutes // 60, minutes=minutes % 60), tone)
    return Age(_tr("{days} d").format(days=minutes // (24 * 60)), tone)


def tab_word(tab: Tab) -> str:  # noqa: C901 - one case per tab
    match tab:
        case Tab.NOW:
            return _tr("Agora")
        case Tab.UNTOLD:
            return _tr("Não avisados")
        case Tab.PAID:
            return _tr("Pagos")
        case Tab.PREPARING:
            return _tr("Em preparo")
        case Tab.READY:
            return _tr("Prontos")
        case Tab.UNPAID:
            return _tr("A pagar")
        case Tab.DONE:
            return _tr("Concluídos")
        case Tab.ALL:
            return _tr("Todos")
        case _:
            assert_never(tab)


def step_word(step: Step | UntoldStep) -> str:
    """Return the words on the step's button."""
    return _untold_step_word(step) if isinstance(step, UntoldStep) else _advance_word(step)


def _advance_word(step: Step) -> str:
    match step:
        case Step.TAKE_PAYMENT:
            return _tr("Confirmar pagamento")
        case Step.START:
            return _tr("Iniciar preparo")
        case Step.TELL_READY:
            return _tr("Avisar pronto")
        case Step.COMPLETE:
            return _tr("Concluir")
        case _:
            assert_never(step)


def _untold_step_word(step: UntoldStep) -> str:  # noqa: C901, PLR0911 - one case per step
    match step:
        case UntoldStep.CALL:
            return _tr("Chamar")
        case UntoldStep.CORRECT_PHONE:
            return _tr("Corrigir telefone")
        case UntoldStep.SHOW_CODE:
            return _tr("QR do recibo")
        case UntoldStep.ANSWER:
            return _tr("Responder")
        case UntoldStep.DECIDE:
            return _tr("Decidir")
        case UntoldStep.SEND:
            return _tr("Enviar assim mesmo")
        case UntoldStep.TRY_AGAIN:
            return _tr("Tentar de novo")
        case UntoldStep.HAND_OVER:
            return _tr("Avisar à mão")
        case UntoldStep.ALREADY_TOLD:
            return _tr("Já avisei")
        case _:
            assert_never(step)


def word_of_status(status: str) -> str:
    """Return the word of a status; an unknown one is shown verbatim: the shop's database allows any."""
    words = {
        "pending_payment": _tr("Aguardando pagamento"),
        "pending": _tr("Aguardando pagamento"),
        "paid": _tr("Pago"),
        "in_preparation": _tr("Em preparo"),
        "preparing": _tr("Em preparo"),
        "ready": _tr("Pronto"),
        "completed": _tr("Concluído"),
        "cancelled": _tr("Cancelado"),
        "expired": _tr("Expirado"),
    }
    return words.get(status, status)


def status_word(order: Order) -> str:
    """Return the text of the order's status."""
    if order.deleted:
        return _tr("Apagado")
    if order.status == "pending" and order.payment_status == "confirmed":
        return _tr("Pago")
    return word_of_status(order.status)


def pickup_sentence(pickup: PickupReply, sentences: MessageCatalog) -> str:
    """Return what the customer answered to the *pronto* message, and when (K9)."""
    choice = sentences.say("pickup", pickup.choice)
    return sentences.say("pickup", "answered", at=hour(pickup.at), choice=choice)


def items_line(order: Order) -> str:
    """Return all items on one line: `2× Açaí 500 ml, 1× Água de coco`."""
    return ", ".join(f"{ordered.quantity}× {ordered.name}" for ordered in order.items)


def table_word(order: Order) -> str:
    """Return `Mesa 5`, or the place as typed: `Varanda 3`."""
    table = order.table_number or ""
    return _tr("Mesa {table}").format(table=table) if table.isdigit() else table


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)
