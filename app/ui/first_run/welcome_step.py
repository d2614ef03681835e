"""First step: what the program does, and on which terms."""

from app.ui.first_run.explained_lines import ExplainedLines
from app.ui.first_run.step_page import StepPage, card_of
from app.ui.page_context import PageContext


class WelcomeStep(StepPage):
    """Explains the messages, the unofficial connection, and the customer's consent."""

    def __init__(self, context: PageContext) -> None:
        title = self.tr("Boas-vindas ao balcão da {shop}").format(shop=context.shop_name)
        super().__init__(
            context, title, self.tr("Em poucos minutos, o primeiro cliente já pode ser avisado.")
        )
        lines = (
            (
                "message-square-text",
                self.tr("Cada cliente avisado uma vez"),
                self.tr(
                    "Pedido pago, em preparo ou pronto: o cliente recebe uma mensagem no WhatsApp, e a tela mostra "
                    "se chegou. Sem internet, nada se perde: sai quando ela voltar."
                ),
            ),
            (
                "info",
                self.tr("Um programa não oficial"),
                self.tr(
                    "Não é feito pelo WhatsApp nem pela Meta. Ele entra como mais um aparelho conectado ao celular da "
                    "loja, e o WhatsApp pode limitar ou bloquear números que usam programas assim."
                ),
            ),
            (
                "hand",
                self.tr("Só com o consentimento do cliente"),
                self.tr(
                    "Avise apenas quem deu o número para isso, e apenas sobre o próprio pedido. "
                    "Quem responde PARAR não recebe mais nada."
                ),
            ),
        )
        self.content.addWidget(card_of(ExplainedLines(context.theme, lines)))
        self.content.addStretch(1)
        self.action = self.tr("Entendi, começar")
