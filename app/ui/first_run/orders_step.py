"""Sixth step: where the orders come from."""

from app.ui.first_run.explained_lines import ExplainedLines
from app.ui.first_run.step_page import StepPage, card_of
from app.ui.page_context import PageContext


class OrdersStep(StepPage):
    """Explains the orders of this counter, the one source that there is."""

    def __init__(self, context: PageContext) -> None:
        words = self.tr("Os pedidos desta loja são digitados aqui, neste computador.")
        super().__init__(context, self.tr("De onde vêm os pedidos"), words)
        lines = (
            (
                "clipboard-list",
                self.tr("Novo pedido: tecla F2"),
                self.tr("Nome, telefone e itens. Ao marcar como pago, o primeiro aviso já entra na fila."),
            ),
            (
                "arrow-right",
                self.tr("Próximo passo: Enter"),
                self.tr("Com o pedido escolhido, Enter avisa a próxima etapa: em preparo, depois pronto."),
            ),
        )
        self.content.addWidget(card_of(ExplainedLines(context.theme, lines)))
        self.content.addStretch(1)
