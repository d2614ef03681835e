"""Third step: a message to the shop's own number, followed on its way."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.domain.events import Event, NotificationChanged
from app.domain.notification import UNFINISHED, Notification, State
from app.ui.first_run.step_page import StepPage, card_of
from app.ui.message_text import message_html
from app.ui.page_context import PageContext
from app.ui.shown_text import MarkupLabel
from app.ui.stage_row import StageRow
from app.ui.wrapped_label import WrappedLabel

_STAGES: Final = (State.PENDING, State.SENT, State.DELIVERED, State.READ)
_EXPLAINED: Final = (*UNFINISHED, *_STAGES)
_NOT_YET: Final = -1
# As wide as the message is on a phone.
_BUBBLE: Final = 420


class MessageStep(StepPage):
    """Sends the first message through the queue, and shows each state that it reaches."""

    def __init__(self, context: PageContext) -> None:
        words = self.tr(
            "Ela passa pela fila e sai pelo WhatsApp da loja, como vão sair os avisos dos clientes."
        )
        super().__init__(context, self.tr("Uma primeira mensagem, para a própria loja"), words)
        self._text = self.tr(
            "Oi! Esta é a primeira mensagem do balcão da *{shop}*. Tudo certo por aqui."
        ).format(shop=context.shop_name)
        self._sent: Notification | None = None
        self.receiver, self.state = WrappedLabel(role="muted"), WrappedLabel()
        self.refusal = WrappedLabel(role="fault")
        bubble = MarkupLabel()
        bubble.setText(message_html(self._text))
        bubble.setProperty("role", "preview")
        bubble.setWordWrap(True)
        bubble.setMaximumWidth(_BUBBLE)
        bubble.setAlignment(Qt.AlignmentFlag.AlignTop)
        names = (self.tr("Na fila"), self.tr("Enviada"), self.tr("Entregue"), self.tr("Lida"))
        self.progress = StageRow(context.theme, names)
        self.content.addWidget(
            card_of(
                *(self.receiver, _to_the_left(bubble), self.progress, self.state, self.refusal, self.fault)
            )
        )
        self.content.addStretch(1)
        context.bridge.event_arrived.connect(self._follow)
        context.bridge.connection_changed.connect(self._show)

    def enter(self) -> None:
        self._show()
        self.context.runner.start(self._load())

    def act(self) -> None:
        if self.context.core.connection.get_connection_status().phone is None:
            self.number_wanted.emit()
        elif self._sent and self._sent.sent_at:
            self.finished.emit()
        else:
            self.fault.hide()
            self.offer(self.action, enabled=False)
            self.context.runner.start(self._send(), self.show_fault)

    async def _load(self) -> None:
        self._sent = await self.context.core.setup.first_message.latest()
        self._show()

    async def _send(self) -> None:
        self._sent = await self.context.core.setup.first_message.send(self._text)
        # Its way may have begun before its id was known here.
        await self._load()

    def _follow(self, event: Event) -> None:
        if isinstance(event, NotificationChanged) and self._sent and event.notification.id == self._sent.id:
            self._sent = event.notification
            self._show()

    def _show(self) -> None:
        if not self.is_open:
            return
        status, sent = self.context.core.connection.get_connection_status(), self._sent
        number = status.phone.masked if status.phone else self.tr("nenhum conectado ainda")
        self.receiver.setText(self.tr("Para o número da loja: {number}").format(number=number))
        self.progress.setVisible(sent is not None)
        self.progress.reach(_stage_of(sent.state) if sent else _NOT_YET)
        self.state.setText(self._explained(sent))
        self.state.setVisible(bool(self.state.text()))
        self.refusal.setText(self._refused(sent))
        self.refusal.setVisible(bool(self.refusal.text()))
        self.progress.setAccessibleName(self.state.text() or self.refusal.text())
        self._offer_act(sent)

    def _offer_act(self, sent: Notification | None) -> None:
        if self.context.core.connection.get_connection_status().phone is None:
            self.offer(self.tr("Conectar o celular"))
        elif sent is None:
            self.offer(self.tr("Enviar a mensagem"))
        elif sent.sent_at:
            self.offer(self.tr("Continuar"))
        elif sent.state in UNFINISHED:
            self.offer(self.tr("Esperando…"), enabled=False)
        else:
            self.offer(self.tr("Tentar de novo"))

    def _explained(self, sent: Notification | None) -> str:
        connected = self.context.core.connection.get_connection_status().is_connected
        match sent.state if sent else None:
            case None:
                return ""
            case State.PENDING if not connected:
                return self.tr(
                    "Sem conexão agora. Ela está guardada e sai sozinha; você pode seguir com “Depois”."
                )
            case State.PENDING if self.context.core.queue.paused:
                return self.tr(
                    "A fila está pausada. Ela sai quando a fila continuar; você pode seguir com “Depois”."
                )
            case State.PENDING | State.SENDING:
                return self.tr("Guardada na fila. Saindo…")
            case State.SENT:
                return self.tr("O WhatsApp aceitou. Confira a conversa com você mesmo no celular da loja.")
            case State.DELIVERED | State.READ:
                return self.tr("Chegou ao celular da loja. É assim que o cliente vai ser avisado.")
            case State.IN_DOUBT:
                return self.tr(
                    "Ainda sem confirmação do WhatsApp. Isto se resolve sozinho; siga com “Depois”."
                )
            case _:
                return ""

    def _refused(self, sent: Notification | None) -> str:
        """Return why the message did not go, with what to do; the catalog's advice is for a customer's number."""
        if sent is None or sent.sent_at or sent.state in _EXPLAINED:
            return ""
        reason = self.context.sentences.of_reason(sent.reason or "").text
        return f"{reason} {self.tr('Tente de novo; se continuar, siga com “Depois”.')}"


def _stage_of(state: State) -> int:
    """Return the place in the row; a message that was not sent is at none of them."""
    if state in UNFINISHED:
        return 0
    return _STAGES.index(state) if state in _STAGES else _NOT_YET


def _to_the_left(bubble: QLabel) -> QWidget:
    """Limit the width by a row: the layout then asks for the height that the text has at that width."""
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(bubble, _BUBBLE)
    row.addStretch(1)
    return place
