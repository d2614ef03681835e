"""Description of an order's row for screen readers and tooltips."""

from PySide6.QtCore import QCoreApplication

from app.domain.order import STAGES
from app.services.orders.board_row import BoardRow, StageNotice
from app.ui.language import reais
from app.ui.orders.hold_text import held_until, why_held
from app.ui.orders.order_text import age_of, items_line, pickup_sentence, status_word, step_word, table_word
from app.ui.orders.status_chip import HoldOf, QueueHold, stage_word, status_chip_of
from app.ui.orders.untold_text import untold_in_short
from app.ui.page_context import PageContext


class RowDescription:
    def __init__(self, context: PageContext, hold: HoldOf) -> None:
        self._context, self._hold = context, hold

    def describe(self, row: BoardRow) -> str:
        """Describe the row: number first, phone masked, state of each message."""
        order, untold = row.order, untold_in_short(row, self._context)
        age = age_of(order, self._context.core.clock.now())
        facts = [
            _tr("Pedido {number} de {name}").format(number=order.number, name=order.customer_name),
            table_word(order),
            _tr("Não avisado: {reason}").format(reason=untold) if untold else "",
            _phone_words(row),
            f"{status_word(order)}, {age.words}",
            f"{items_line(order)}, {reais(order.total)}" if order.items else reais(order.total),
            _tr("respostas não lidas: {count}").format(count=row.unread) if row.unread else "",
            pickup_sentence(row.pickup, self._context.sentences) if row.pickup else "",
            *self._messages(row),
        ]
        if row.next_step:
            facts.append(_tr("Enter: {step}").format(step=step_word(row.next_step)))
        return "\n".join(fact for fact in facts if fact)

    def _messages(self, row: BoardRow) -> list[str]:
        said = []
        for stage, notice in zip(STAGES, row.notices, strict=True):
            if notice:
                said.append(f"{stage_word(stage)}: {self._message(row, notice)}")
        return said

    def _message(self, row: BoardRow, notice: StageNotice) -> str:
        sentences, now = self._context.sentences, self._context.core.clock.now()
        hold, until = self._hold(notice.notification), held_until(notice, now)
        if hold is QueueHold.NONE and (until or notice.block) and (why := why_held(notice, sentences, now)):
            return str(why)
        word = status_chip_of(notice.notification, hold, until).word
        reason = row.untold and notice is row.present and notice.reason
        return f"{word}. {sentences.of_reason(reason)}" if reason else word


def _phone_words(row: BoardRow) -> str:
    if row.phone is not None:
        return row.phone or _tr("número oculto")
    return _tr("telefone inválido") if row.order.has_phone else _tr("sem telefone")


def _tr(text: str) -> str:
    return QCoreApplication.translate("row_words", text)
